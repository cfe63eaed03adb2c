using System.Net.Http.Json;

namespace Gantry.Cli.Demo;

/// <summary>Customers: purchases at a steady pace, few at a time.</summary>
internal sealed class Load : IDisposable
{
    private const int Items = 40;
    private const int AtATime = 8;
    private const double LeastRate = 50;
    private const double MostRate = 400;

    /// <summary>A run of any size should take about this long, within the two rates.</summary>
    private const double Seconds = 5;

    private readonly Uri _purchases;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public Load(Uri purchases, TimeProvider time)
    {
        _purchases = purchases;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            // Traces begin in the shop: a traceparent from here could decide about sampling.
            ActivityHeadersPropagator = null,
            // Shorter than any keep-alive of the services.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        });
    }

    /// <returns>How many ended with which status; 0 is no answer.</returns>
    public async Task<IReadOnlyDictionary<int, int>> DriveAsync(int count, CancellationToken cancellation)
    {
        var statuses = new Dictionary<int, int>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1 / Math.Clamp(count / Seconds, LeastRate, MostRate)), _time);
        var open = new List<Task<int>>();
        for (var i = 0; i < count; i++)
        {
            if (open.Count == AtATime)
            {
                await TakeOneAsync();
            }

            open.Add(PurchaseAsync(1 + (i % Items), cancellation));
            await pace.WaitForNextTickAsync(cancellation);
        }

        while (open.Count > 0)
        {
            await TakeOneAsync();
        }

        return statuses;

        async Task TakeOneAsync()
        {
            var done = await Task.WhenAny(open);
            open.Remove(done);
            var status = await done;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
    }

    /// <summary>One after the other, at this pace, until cancelled.</summary>
    public async Task TrickleAsync(double perSecond, CancellationToken cancellation)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond), _time);
        for (var i = 0; ; i++)
        {
            await pace.WaitForNextTickAsync(cancellation);
            await PurchaseAsync(1 + (i % Items), cancellation);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<int> PurchaseAsync(int item, CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync(_purchases, new { item, card = "4000 0000 0000 0002" }, cancellation);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
