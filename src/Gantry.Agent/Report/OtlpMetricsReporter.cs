using System.Net.Http.Headers;
using Gantry.Agent.Host;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Report;

/// <summary>
/// Sends each sample to the gateway, one POST of OTLP/HTTP protobuf. Nothing is kept for later: counters are cumulative, so the next sample
/// says all that a lost one did, and an agent without a gateway does not grow.
/// </summary>
internal sealed class OtlpMetricsReporter : IDisposable
{
    private static readonly MediaTypeHeaderValue Protobuf = new("application/x-protobuf");

    private readonly MetricsEncoder _encoder;
    private readonly Uri _endpoint;
    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task _posting = Task.CompletedTask;
    private DateTimeOffset _silentUntil;
    private bool _isLost;

    /// <param name="gateway">Base address; /v1/metrics is added.</param>
    /// <param name="timeout">For a whole request; at most the interval, so that requests never pile up.</param>
    public OtlpMetricsReporter(Uri gateway, TimeSpan timeout, string userAgent, MetricsEncoder encoder, TimeProvider time, ILogger logger)
    {
        _encoder = encoder;
        _endpoint = new Uri(gateway.AbsoluteUri.TrimEnd('/') + "/v1/metrics");
        _client = new HttpClient(HttpHandlers.Create(gateway)) { Timeout = timeout };
        _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        _time = time;
        _logger = logger;
    }

    /// <summary>The last request; it never fails.</summary>
    public Task Completion => _posting;

    /// <summary>Starts to send. Leaves the sample out while an earlier one is still under way, or while the gateway asked for silence.</summary>
    public void Send(MetricBatch batch, CancellationToken cancellation)
    {
        if (_posting.IsCompleted && _time.GetUtcNow() >= _silentUntil)
        {
            _posting = PostAsync(_encoder.Encode(batch), cancellation);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _encoder.Dispose();
    }

    private async Task PostAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(request);
            content.Headers.ContentType = Protobuf;
            using var message = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = content };
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            Take(response);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            Lost(error is OperationCanceledException ? "no answer in time" : error.Message);
        }
    }

    private void Take(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            if (_isLost)
            {
                _isLost = false;
                Log.GatewayBack(_logger, _endpoint);
            }

            return;
        }

        if (RetryAfter.Read(response.Headers.RetryAfter, _time) is { } wait)
        {
            _silentUntil = _time.GetUtcNow() + wait;
        }

        Lost($"HTTP {(int)response.StatusCode}");
    }

    private void Lost(string reason)
    {
        if (!_isLost)
        {
            _isLost = true;
            Log.GatewayLost(_logger, _endpoint, reason);
        }
    }
}
