using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Benchmarks.Agent;

/// <summary>An OTLP/HTTP receiver that takes everything, answers an empty success, and remembers when the first request came.</summary>
internal sealed class DummySink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _first;
    private int _requests;

    private DummySink(WebApplication app)
    {
        _app = app;
        app.MapPost("/{**path}", TakeAsync);
    }

    public string Url { get; private set; } = "";

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Stopwatch timestamp of the first request; 0 before.</summary>
    public long FirstTimestamp => Volatile.Read(ref _first);

    public static async Task<DummySink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new DummySink(builder.Build());
        await sink._app.StartAsync();
        sink.Url = sink._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return sink;
    }

    /// <summary>A port that nobody listens on: the agent must live with a hub that is away.</summary>
    public static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
        Interlocked.Increment(ref _requests);
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.ContentType = context.Request.ContentType ?? "application/x-protobuf";
    }
}
