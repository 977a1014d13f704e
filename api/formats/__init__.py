"""Records as other formats have them: projected records in, text or bytes out, nothing else."""
