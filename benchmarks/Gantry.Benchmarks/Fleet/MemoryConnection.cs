using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Gantry.Benchmarks.Fleet;

/// <summary>The server's end of two pipes. Everybody is on this machine.</summary>
internal sealed class MemoryConnection(long number, PipeReader input, PipeWriter output) : ConnectionContext, IDuplexPipe
{
    public override string ConnectionId { get; set; } = $"{number}";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public override EndPoint? LocalEndPoint { get; set; } = new IPEndPoint(IPAddress.Loopback, 4320);

    public override EndPoint? RemoteEndPoint { get; set; } = new IPEndPoint(IPAddress.Loopback, 1 + (int)(number % 60_000));

    public PipeReader Input => input;

    public PipeWriter Output => output;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        input.CancelPendingRead();
        output.CancelPendingFlush();
    }

    public override async ValueTask DisposeAsync()
    {
        await input.CompleteAsync();
        await output.CompleteAsync();
        await base.DisposeAsync();
    }
}
