using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.Get;

/// <summary>A hub on a free port that answers what the test says: text as JSON, by path.</summary>
internal sealed class ScriptedHub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedHub(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public List<string> Asked { get; } = [];

    public static async Task<ScriptedHub> StartAsync(Func<string, (int Status, string Body)> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var hub = new ScriptedHub(app);
        app.Run(async context =>
        {
            hub.Asked.Add(context.Request.Path + context.Request.QueryString.Value);
            var (status, body) = answer(context.Request.Path);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return hub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
