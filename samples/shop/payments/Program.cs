// POST /charge {"amount": 112, "card": "…"}: takes the money. One access-log line per request on stdout, as the other services of the shop.
using System.Diagnostics;
using System.Text.Json;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "5083"}");
var app = builder.Build();

app.Use(async (context, next) =>
{
    var began = Stopwatch.GetTimestamp();
    await next(context);
    var ms = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    Console.WriteLine($"access payments {context.Request.Method} {context.Request.Path} {context.Response.StatusCode} {ms:F1}ms");
});

app.MapPost("/charge", (JsonElement charge) =>
    charge.TryGetProperty("amount", out var amount) && amount.TryGetDecimal(out var euro) && euro > 0
        ? Results.Ok(new { receipt = Guid.NewGuid().ToString("N") })
        : Results.UnprocessableEntity());

await app.RunAsync();
