// A service that knows nothing of telemetry. It prints its address when it is ready, and ends when its input does, so that it never outlives a test.
using System.Diagnostics;
using System.Globalization;
using Gantry.AttachTarget;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
var app = builder.Build();
using var client = new HttpClient();

app.MapGet("/", () => "ok");

// Half a millisecond of work, as a processor counts it.
app.MapGet("/work", () => Work.For(TimeSpan.FromMilliseconds(0.5)));
app.MapGet("/items/{id}", (string id) => $"item {id}");
app.MapGet("/shop/{category}/{**rest}", (string category, string rest) => $"{category}: {rest}");
app.MapGet("/status/{code:int}", (int code) => Results.StatusCode(code));
app.MapGet("/fail", string () => throw new InvalidOperationException("a fault of the service, on purpose"));

// Calls another server and answers with what that said.
app.MapGet("/call", async (string url) => await client.GetStringAsync(url));

// What the runtime itself says of its memory, after a full collection.
app.MapGet("/memory", () => GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));

await app.StartAsync();
Console.WriteLine(app.Urls.First());
await Console.OpenStandardInput().CopyToAsync(Stream.Null);
await app.StopAsync();
