using System;
using System.Threading.Tasks;

// The client can retry by policies of the library Polly, which is not at hand here, and asks for
// none unless it is told to: these are the names alone.
namespace Polly
{
    public enum OutcomeType
    {
        Successful,
        Failure
    }

    public sealed class PolicyResult<T>
    {
        public OutcomeType Outcome { get; set; }

        public T Result { get; set; }

        public Exception FinalException { get; set; }
    }

    public interface ISyncPolicy<T>
    {
    }

    public interface IAsyncPolicy<T>
    {
        Task<PolicyResult<T>> ExecuteAndCaptureAsync(Func<Task<T>> action);
    }
}
