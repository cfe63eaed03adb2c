namespace Gantry.Cli.Demo;

/// <summary>
/// A service's stdout: written to a file for whoever wants to count again, and its request lines counted. This is the truth that telemetry is
/// held against, and it owes nothing to it.
/// </summary>
internal sealed class AccessLog(string service, string path) : IDisposable
{
    private readonly string _mark = $"access {service} ";
    private readonly StreamWriter _file = new(path, append: false) { AutoFlush = true };
    private int _requests;

    public string Path { get; } = path;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Until the service closes its stdout, at its end.</summary>
    public async Task CopyAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            await _file.WriteLineAsync(line);
            if (line.StartsWith(_mark, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _requests);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
