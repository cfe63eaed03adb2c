using System.Diagnostics;

namespace Gantry.Benchmarks.Servers;

/// <summary>A gateway program as a process of its own, known by the two doors that it prints when it is ready.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private const int MaxWords = 200;

    private readonly Process _process;
    private readonly List<string> _words = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public Uri Http { get; private set; } = null!;

    public Uri Grpc { get; private set; } = null!;

    public double CpuSeconds => ProcessUsage.CpuSeconds(Alive);

    /// <summary>Of <see cref="CpuSeconds"/>: what the background compiler has used in its present life; it ends when it has been idle.</summary>
    public double CompilingSeconds => ProcessUsage.ThreadSeconds(Alive, ".NET Tiered Com");

    public long ResidentBytes => ProcessUsage.ResidentBytes(Alive);

    public long PeakResidentBytes => ProcessUsage.PeakResidentBytes(Alive);

    private int Alive => _process.HasExited
        ? throw new BenchmarkException($"{Name} ended by itself with code {_process.ExitCode}; its last words:\n{Words}")
        : _process.Id;

    private string Words
    {
        get
        {
            lock (_words)
            {
                return string.Join('\n', _words.TakeLast(15));
            }
        }
    }

    /// <summary>Starts it, and waits until it has printed a line with "OTLP/HTTP" and one with "OTLP/gRPC", each with a URL.</summary>
    public static async Task<ServerProcess> StartAsync(string name, ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var server = new ServerProcess(name, Process.Start(start) ?? throw new BenchmarkException($"{name}: {start.FileName} did not start"));
        try
        {
            var ended = server._process.WaitForExitAsync();
            if (await Task.WhenAny(server._ready.Task, ended).WaitAsync(StartLimit) == ended)
            {
                throw new BenchmarkException($"{name} ended with code {server._process.ExitCode} before it was ready; its last words:\n{server.Words}");
            }

            return server;
        }
        catch (Exception exception)
        {
            await server.DisposeAsync();
            throw exception is TimeoutException
                ? new BenchmarkException($"{name} did not open its doors within {StartLimit.TotalSeconds} s; its last words:\n{server.Words}")
                : exception;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_words)
        {
            _words.Add(line);
            if (_words.Count > MaxWords)
            {
                _words.RemoveRange(0, MaxWords / 2);
            }
        }

        Http ??= UrlIn(line, "OTLP/HTTP")!;
        Grpc ??= UrlIn(line, "OTLP/gRPC")!;
        if (Http is not null && Grpc is not null)
        {
            _ready.TrySetResult();
        }
    }

    private static Uri? UrlIn(string line, string door) =>
        line.Contains(door, StringComparison.Ordinal) && Array.Find(line.Split(' '), word => word.StartsWith("http://", StringComparison.Ordinal)) is { } url
            ? new Uri(url)
            : null;
}
