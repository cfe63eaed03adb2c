// POST /charge {"amount": 112, "card": "…"}: takes the money. One access-log line per request on stdout, as the other services of the shop.
using System.Diagnostics;
using System.Text.Json;

var builder = WebApplication.CreateSlimBuilder(args);
// What goes wrong goes to stderr: stdout is for the access log.
builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "5083"}");
var app = builder.Build();
// Where there is a bank, it moves the money: BANK_URL=http://127.0.0.1:5084.
using var bank = Environment.GetEnvironmentVariable("BANK_URL") is { Length: > 0 } url ? new HttpClient { BaseAddress = new Uri(url) } : null;

app.Use(async (context, next) =>
{
    var began = Stopwatch.GetTimestamp();
    await next(context);
    var ms = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    Console.WriteLine($"access payments {context.Request.Method} {context.Request.Path} {context.Response.StatusCode} {ms:F1}ms");
});

app.MapPost("/charge", async (JsonElement charge, CancellationToken cancellation) =>
{
    if (!charge.TryGetProperty("amount", out var amount) || !amount.TryGetDecimal(out var euro) || euro <= 0)
    {
        return Results.UnprocessableEntity();
    }

    if (bank is not null)
    {
        using var transfer = await bank.PostAsJsonAsync("transfers", new { amount = euro }, cancellation);
        if (!transfer.IsSuccessStatusCode)
        {
            return Results.StatusCode(StatusCodes.Status502BadGateway);
        }
    }

    return Results.Ok(new { receipt = Guid.NewGuid().ToString("N") });
});

await app.RunAsync();
