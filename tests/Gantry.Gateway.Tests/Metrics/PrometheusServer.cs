using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gantry.Testing;

namespace Gantry.Gateway.Tests.Metrics;

/// <summary>A real Prometheus that scrapes one gateway every second, on a free port and in a folder of its own.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _client;

    private PrometheusServer(Process process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static async Task<PrometheusServer> StartAsync(Uri gateway)
    {
        // Another program may take the port before Prometheus does.
        for (var attempt = 0; ; attempt++)
        {
            var server = Start(gateway);
            try
            {
                await Eventually.Get("Prometheus is ready", server.ReadyAsync, Patience);
                return server;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>An instant query.</summary>
    /// <param name="time">Unix seconds; null is now.</param>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string query, double? time = null)
    {
        var at = time is { } seconds ? $"&time={seconds.ToString("F3", CultureInfo.InvariantCulture)}" : "";
        using var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}{at}");
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(Sample.Read)];
    }

    /// <summary>The labels of all exemplars of a metric, with those of their series.</summary>
    public async Task<IReadOnlyList<(string Trace, string Span, double Value)>> ExemplarsAsync(string query)
    {
        var (start, end) = (DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds());
        using var answer = await GetAsync($"/api/v1/query_exemplars?query={Uri.EscapeDataString(query)}&start={start}&end={end}");
        return
        [
            .. from series in answer.RootElement.GetProperty("data").EnumerateArray()
               from exemplar in series.GetProperty("exemplars").EnumerateArray()
               let labels = exemplar.GetProperty("labels")
               select (labels.GetProperty("trace_id").GetString()!, labels.GetProperty("span_id").GetString()!,
                   double.Parse(exemplar.GetProperty("value").GetString()!, CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>Waits until a query that adds up to one number gives this one.</summary>
    /// <returns>The time of that answer in Unix seconds, to ask other things about the same moment.</returns>
    public async Task<double> UntilAsync(string query, double value)
    {
        var last = "nothing";
        try
        {
            return (await Eventually.Get(
                $"{query} is {value}",
                async () =>
                {
                    var answer = await QueryAsync(query);
                    last = answer.Count == 1 ? $"{answer[0].Value}" : $"{answer.Count} series; {await TargetAsync()}";
                    return answer.Count == 1 && answer[0].Value == value ? answer[0] : null;
                },
                Patience)).Time;
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}, last: {last}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private static PrometheusServer Start(Uri gateway)
    {
        var folder = Directory.CreateTempSubdirectory("gantry-prometheus-");
        var config = Path.Combine(folder.FullName, "prometheus.yml");
        File.WriteAllText(config, $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: gantry
                static_configs: [ { targets: ["{{gateway.Authority}}"] } ]
            """);
        var port = FreePort();
        string[] arguments =
        [
            $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}", $"--web.listen-address=127.0.0.1:{port}",
            "--enable-feature=exemplar-storage", "--log.level=error",
        ];
        var process = Process.Start(new ProcessStartInfo(Program(), arguments) { WorkingDirectory = folder.FullName })!;
        return new PrometheusServer(process, folder, port);
    }

    /// <summary>Installed, or unpacked by ./test.</summary>
    private static string Program() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "prometheus"))
            .Append(Path.Combine(Repository.Root, "artifacts/tools/prometheus/usr/bin/prometheus"))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("there is no program `prometheus` on PATH; ./test gets it where it can");

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task<string?> ReadyAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"Prometheus ended with exit code {_process.ExitCode}");
        }

        try
        {
            using var response = await _client.GetAsync("/-/ready");
            return response.IsSuccessStatusCode ? "ready" : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<string> TargetAsync()
    {
        using var answer = await GetAsync("/api/v1/targets");
        return string.Join("; ", answer.RootElement.GetProperty("data").GetProperty("activeTargets").EnumerateArray().Select(target => target.GetProperty("lastError").GetString()));
    }

    private async Task<JsonDocument> GetAsync(string path)
    {
        using var response = await _client.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{Uri.UnescapeDataString(path)}: {body}");
        return JsonDocument.Parse(body);
    }

    /// <param name="Time">Unix seconds.</param>
    public sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value, double Time)
    {
        public string this[string label] => Labels.GetValueOrDefault(label, "");

        public static Sample Read(JsonElement element)
        {
            var value = element.GetProperty("value");
            return new Sample(
                element.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
                double.Parse(value[1].GetString()!, CultureInfo.InvariantCulture),
                value[0].GetDouble());
        }
    }
}
