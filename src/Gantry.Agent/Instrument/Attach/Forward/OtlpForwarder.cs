using System.Net.Http.Headers;
using System.Threading.Channels;
using Gantry.Agent.Report;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument.Attach.Forward;

/// <summary>One request to the gateway.</summary>
/// <param name="Path">"v1/traces" or "v1/metrics".</param>
/// <param name="Items">Spans or points in it.</param>
/// <param name="Done">Told once whether the gateway took it.</param>
internal sealed record ForwardItem(string Path, ReadOnlyMemory<byte> Request, int Items, Action<ForwardItem, bool> Done);

/// <summary>
/// Sends what attached processes said to the gateway, as OTLP/HTTP. The queue is short, and what does not fit is lost and counted: metrics are cumulative, so the next
/// request says what a lost one did; spans are not worth the memory of a host whose gateway is away.
/// </summary>
internal sealed class OtlpForwarder : IAsyncDisposable
{
    /// <summary>Requests that wait.</summary>
    public const int MostWaiting = 32;

    /// <summary>What waits or is being sent. An export is half a megabyte, as a rule; a process may make it some megabytes.</summary>
    public const int MostBytes = 32 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue Protobuf = new("application/x-protobuf");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>After the end was asked for: a gateway that is away must not hold up the agent's end.</summary>
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(3);

    private readonly Channel<ForwardItem> _queue = Channel.CreateBounded<ForwardItem>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client;
    private readonly Uri _gateway;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _sending;
    private long _bytes;
    private bool _isLost;

    /// <param name="gateway">Base address of an OTLP/HTTP receiver.</param>
    public OtlpForwarder(Uri gateway, TimeProvider time, ILogger logger)
    {
        _gateway = new Uri(gateway.AbsoluteUri.TrimEnd('/') + "/");
        _client = new HttpClient(HttpHandlers.Create(gateway)) { Timeout = Timeout };
        _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "gantry-agent/" + GantryAgent.Version);
        _time = time;
        _logger = logger;
        _sending = SendAllAsync();
    }

    public void Send(ForwardItem item)
    {
        var bytes = item.Request.Length;
        if (Interlocked.Add(ref _bytes, bytes) > MostBytes || !_queue.Writer.TryWrite(item))
        {
            Interlocked.Add(ref _bytes, -bytes);
            item.Done(item, false);
        }
    }

    /// <summary>Sends what waits, for a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _stop.CancelAfter(LastChance);
        await _sending;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        await foreach (var item in _queue.Reader.ReadAllAsync())
        {
            var isTaken = await SendAsync(item);
            Interlocked.Add(ref _bytes, -item.Request.Length);
            item.Done(item, isTaken);
        }
    }

    private async Task<bool> SendAsync(ForwardItem item)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(item.Request);
            content.Headers.ContentType = Protobuf;
            using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway, item.Path)) { Content = content };
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            if (response.IsSuccessStatusCode)
            {
                Back();
                return true;
            }

            if (RetryAfter.Read(response.Headers.RetryAfter, _time) is { } wait)
            {
                // It asks for silence. What comes meanwhile finds the queue full, and is lost.
                await Task.Delay(wait < Timeout ? wait : Timeout, _time, _stop.Token);
            }

            Lost($"HTTP {(int)response.StatusCode}");
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            Lost(error is OperationCanceledException ? "no answer in time" : error.Message);
        }

        return false;
    }

    private void Back()
    {
        if (_isLost)
        {
            _isLost = false;
            Log.ForwardBack(_logger, _gateway);
        }
    }

    private void Lost(string reason)
    {
        if (!_isLost)
        {
            _isLost = true;
            Log.ForwardLost(_logger, _gateway, reason);
        }
    }
}
