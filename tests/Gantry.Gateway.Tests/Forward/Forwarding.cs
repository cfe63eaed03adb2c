using Gantry.Gateway.Forward;
using Gantry.Protocol.Observations;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Tests.Forward;

/// <summary>A started forwarder. Fails on errors that no test announced.</summary>
internal sealed class Forwarding : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    private Forwarding(TestLogs logs, DestinationOptions[] destinations)
    {
        Logs = logs;
        _loggers = LoggerFactory.Create(logs.AddTo);
        Forwarder = new Forwarder(new GatewayOptions { Destinations = destinations }, TimeProvider.System, _loggers.CreateLogger<Forwarder>());
    }

    public Forwarder Forwarder { get; }

    public TestLogs Logs { get; }

    public DestinationState State => Forwarder.States[0];

    public static async Task<Forwarding> StartAsync(params DestinationOptions[] destinations)
    {
        Assert.Empty(DestinationOptions.ValidateAll(destinations));
        var forwarding = new Forwarding(new TestLogs(), destinations);
        try
        {
            await forwarding.Forwarder.StartAsync(CancellationToken.None);
            return forwarding;
        }
        catch
        {
            await forwarding.Forwarder.DisposeAsync();
            throw;
        }
    }

    public Task<ForwardResult> SendAsync(params ReadOnlySpan<string> spans) => SendAsync(Signal.Traces, Request(spans));

    public async Task<ForwardResult> SendAsync(Signal signal, byte[] body) => await Forwarder.SendAsync(signal, body, CancellationToken.None);

    public static byte[] Request(params ReadOnlySpan<string> names)
    {
        var spans = new Gantry.Testing.Otlp.Span[names.Length];
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = Spans.Span(names[i]);
        }

        return Spans.Request("shop", spans).ToByteArray();
    }

    public async ValueTask DisposeAsync()
    {
        await Forwarder.StopAsync(CancellationToken.None);
        await Forwarder.DisposeAsync();
        _loggers.Dispose();
        Logs.Dispose();
    }
}
