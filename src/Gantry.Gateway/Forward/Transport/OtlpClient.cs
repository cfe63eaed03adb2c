using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>
/// One destination's connections. An attempt ends in a value, whatever happens, within the destination's limit of time, and when it has ended
/// nobody reads the batch's memory any longer.
/// </summary>
internal sealed class OtlpClient : IDisposable
{
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(5);

    private readonly DestinationOptions _options;
    private readonly DestinationHealth _health;
    private readonly ILogger _logger;
    private readonly IOtlpDialect _dialect;
    private readonly HttpMessageInvoker _http;
    private readonly StopSources _stops;
    private readonly string? _encoding;
    private (string Name, string Value)[] _headers;

    public OtlpClient(DestinationOptions options, DestinationHealth health, TimeProvider time, ILogger logger)
    {
        _options = options;
        _health = health;
        _logger = logger;
        _dialect = options.Protocol == DestinationProtocol.Grpc ? new GrpcDialect(options.Endpoint, options.Timeout) : new HttpDialect(options.Endpoint, time);
        _stops = new StopSources(options.Timeout, time);
        _encoding = Compressor.NameOf(options.Compression);
        _headers = ReadHeaders();
        // Not HttpClient: it wraps each request's cancellation in a source of its own.
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = options.Timeout < LongestConnect ? options.Timeout : LongestConnect,
            // A name may come to mean other machines.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        });
    }

    /// <param name="cancellation">Of the gateway stopping, or none; a client that went away does not end what it shares with others.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ForwardResult> SendAsync(Signal signal, ExportBatch batch, CancellationToken cancellation = default)
    {
        try
        {
            return await AttemptAsync(signal, batch, cancellation);
        }
        catch (Exception exception)
        {
            // A defect of ours must not take the lane or the pump down with it.
            Log.AttemptFailed(_logger, _health.Name, exception);
            return ForwardResult.Unavailable("the gateway could not send the request", cause: ForwardCause.NoAnswer);
        }
    }

    public void Dispose() => _http.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwardResult> AttemptAsync(Signal signal, ExportBatch batch, CancellationToken cancellation)
    {
        var stop = _stops.Rent();
        await using var registration = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), stop);
        using var compressed = _encoding is null || batch.Shared is not null ? null : Compressor.Compress(_options.Compression, batch.Bodies, batch.Bytes);
        // The cast: without it, null is taken for an empty array.
        var bytes = _encoding is null ? (ReadOnlyMemory<byte>?)null : compressed?.WrittenMemory ?? batch.Shared!.Compressed(_options.Compression);
        var content = new ExportContent(batch.Bodies, batch.Bytes, bytes, _dialect.IsGrpc, stop.Token);
        HttpResponseMessage? response = null;
        try
        {
            // Never disposed: that would only dispose the content, which has its own end.
            var request = _dialect.Request(signal, content, _encoding);
            foreach (var (name, value) in _headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            response = await _http.SendAsync(request, stop.Token);
            var result = await _dialect.JudgeAsync(response, stop.Token);
            if (result.Cause == ForwardCause.Credentials)
            {
                _headers = ReadHeaders();
            }

            return result;
        }
        // The handler lets a SocketException through as it is when a peer goes away in the moment after it accepted.
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or SocketException)
        {
            return ForwardResult.Unavailable(Describe(exception), cause: ForwardCause.NoAnswer);
        }
        finally
        {
            response?.Dispose();
            await content.CloseAsync(stop);
            _stops.Return(stop);
        }
    }

    private string Describe(Exception exception) => exception switch
    {
        OperationCanceledException { InnerException: TimeoutException } => "no connection in time",
        OperationCanceledException => $"no answer within {_options.Timeout.TotalSeconds:0.###} s",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => $"no connection ({exception.InnerException?.Message ?? exception.Message})",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"no TLS connection ({exception.InnerException?.Message ?? exception.Message})",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its host name is not known",
        _ => "the connection broke off",
    };

    private (string Name, string Value)[] ReadHeaders()
    {
        var headers = new List<(string, string)>();
        foreach (var header in _options.Headers)
        {
            if (header.Read(out var problem) is { } value)
            {
                headers.Add((header.Name, value));
            }
            else
            {
                Log.HeaderMissing(_logger, _health.Name, problem!);
            }
        }

        return [.. headers];
    }
}
