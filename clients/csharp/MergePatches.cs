using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

/// <summary>Names the media type of a patch, which the client sends as plain JSON.</summary>
internal sealed class MergePatches : DelegatingHandler
{
    internal MergePatches() : base(new HttpClientHandler())
    {
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        if (request.Method.Method == "PATCH")
        {
            request.Content.Headers.ContentType =
                new MediaTypeHeaderValue("application/merge-patch+json");
        }
        return base.SendAsync(request, cancellation);
    }
}
