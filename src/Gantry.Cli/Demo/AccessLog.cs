namespace Gantry.Cli.Demo;

/// <summary>
/// A service's stdout: written to a file for whoever wants to count again, and its request lines counted. This is the truth that telemetry is
/// held against, and it owes nothing to it.
/// </summary>
internal sealed class AccessLog(string service, string path) : IDisposable
{
    private readonly string _mark = $"access {service} ";
    private readonly StreamWriter _file = new(path, append: false) { AutoFlush = true };
    private readonly Lock _lock = new();
    private int _requests;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Forgets what was logged so far, in the file too.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _file.BaseStream.SetLength(0);
            _requests = 0;
        }
    }

    /// <summary>Until the service closes its stdout, at its end.</summary>
    public async Task CopyAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _file.WriteLine(line);
                _requests += line.StartsWith(_mark, StringComparison.Ordinal) ? 1 : 0;
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
