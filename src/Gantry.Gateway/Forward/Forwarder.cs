using System.Net;
using System.Net.Http.Headers;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward;

/// <summary>
/// Passes accepted requests on to one OTLP/HTTP endpoint and waits for its answer, so that an acknowledgement to the client means that the data
/// arrived. Worth a retry are the answers of the OTLP specification's list (429, 502, 503, 504), and those that say that we are set up wrong.
/// </summary>
internal sealed class Forwarder(GatewayOptions options, HttpClient http, TimeProvider time, ILogger<Forwarder> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private Problem? _problem;

    /// <summary>Why the destination does not accept, and since when; null while it does.</summary>
    public Problem? Trouble => Volatile.Read(ref _problem);

    public bool IsOn => options.Forward is not null;

    /// <param name="body">A protobuf export request; not touched after the returned task ends.</param>
    public async Task<ForwardResult> SendAsync(Signal signal, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var request = new HttpRequestMessage(HttpMethod.Post, UrlOf(signal)) { Content = content };
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return await JudgeAsync(response, both.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return Lost(exception is HttpRequestException ? exception.Message : $"no answer within {Timeout.TotalSeconds} s");
        }
    }

    private Uri UrlOf(Signal signal)
    {
        var root = options.Forward!.AbsoluteUri.TrimEnd('/');
        return new Uri($"{root}/v1/{signal switch { Signal.Traces => "traces", Signal.Metrics => "metrics", _ => "logs" }}");
    }

    private async Task<ForwardResult> JudgeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            if (Interlocked.Exchange(ref _problem, null) is not null)
            {
                Log.DestinationBack(logger, options.Forward!);
            }

            return await PartialSuccess.ReadAsync(response, cancellation);
        }

        var reason = $"the destination answered {(int)response.StatusCode}";
        // The last four are about us, not about the data: a wrong address or credential. The client is right to keep what it has.
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            return Lost(reason) with { RetryAfter = RetryAfter(response) };
        }

        Log.DestinationRefused(logger, options.Forward!, (int)response.StatusCode);
        return new ForwardResult(ForwardVerdict.Refused, reason);
    }

    private ForwardResult Lost(string reason)
    {
        if (Interlocked.CompareExchange(ref _problem, new Problem(reason, time.GetUtcNow()), null) is null)
        {
            Log.DestinationLost(logger, options.Forward!, reason);
        }

        return new ForwardResult(ForwardVerdict.Unavailable, reason);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - time.GetUtcNow()) : null;
}

/// <summary>What keeps the destination from accepting, in words that say nothing of its answers' content.</summary>
internal sealed record Problem(string Reason, DateTimeOffset Since);
