using System.Net;
using Gantry.PlainGateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// usage: Gantry.PlainGateway <destination URL> <probability>; listens on free ports of loopback and prints them.
if (args is not [var destination, var probability])
{
    Console.Error.WriteLine("usage: Gantry.PlainGateway <destination URL> <probability>");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.Services.AddRequestDecompression();
builder.Services.AddSingleton<RedCounter>();
builder.Services.AddSingleton(new Sampler(double.Parse(probability)));
builder.Services.AddSingleton(services => new Pipeline(services.GetRequiredService<RedCounter>(), services.GetRequiredService<Sampler>(), new Uri(destination)));
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Limits.MaxRequestBodySize = Pipeline.MaxRequestBytes;
    kestrel.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
    kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
    kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
    kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
});

await using var app = builder.Build();
app.UseRequestDecompression();
var pipeline = app.Services.GetRequiredService<Pipeline>();
app.MapPost("/v1/traces", context => OtlpEndpoints.HttpAsync(context, pipeline));
app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => OtlpEndpoints.GrpcAsync(context, pipeline));
app.MapGet("/red", (RedCounter red) => red.Snapshot());
await app.StartAsync();
var doors = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
Console.WriteLine($"OTLP/gRPC {doors[0]}");
Console.WriteLine($"OTLP/HTTP {doors[1]}");
await app.WaitForShutdownAsync();
return 0;
