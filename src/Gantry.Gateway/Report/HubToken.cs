using System.Net.Http.Headers;

namespace Gantry.Gateway.Report;

/// <summary>Puts the gateway's token on what goes to the hub, and on nothing else. A file is read for each request, so a token that was replaced is in use at once.</summary>
internal sealed class HubToken(GatewayOptions options, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int LongestFile = 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } target && options.Hub.IsBaseOf(target) && await ReadAsync(cancellationToken) is { Length: > 0 } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<string> ReadAsync(CancellationToken cancellation)
    {
        if (options.HubTokenFile is not { } path)
        {
            return options.HubToken ?? "";
        }

        try
        {
            using var reader = new StreamReader(path);
            var text = new char[LongestFile];
            return new string(text, 0, await reader.ReadBlockAsync(text, cancellation)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException($"the token file {path} cannot be read ({exception.Message})", exception);
        }
    }
}
