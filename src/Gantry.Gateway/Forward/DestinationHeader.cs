namespace Gantry.Gateway.Forward;

/// <summary>
/// A header whose value is a secret more often than not: it is named here and lives in an environment variable or a file, so that no list of
/// processes, shell history or log ever shows it.
/// </summary>
/// <param name="Name">A header's name, such as Authorization.</param>
/// <param name="Place">Where the value is: the name of a variable, or a path.</param>
public sealed record DestinationHeader(string Name, HeaderPlace From, string Place)
{
    private const int MaxValueBytes = 16 * 1024;

    /// <summary>What we say ourselves.</summary>
    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Upgrade", "Expect", "Trailer", "TE", "Keep-Alive", "User-Agent",
    };

    /// <summary>Reads the value as it is now; files are read anew when the destination refuses our credentials.</summary>
    /// <param name="problem">Names the header and the place, never the value.</param>
    internal string? Read(out string? problem)
    {
        problem = null;
        try
        {
            var value = From == HeaderPlace.Variable ? Environment.GetEnvironmentVariable(Place) : ReadFile();
            if (string.IsNullOrEmpty(value))
            {
                problem = From == HeaderPlace.Variable
                    ? $"header {Name}: environment variable {Place} is not set; set it, or name another"
                    : $"header {Name}: file {Place} is empty; write the value into it";
            }
            else if (value.Any(c => c is < ' ' or > '~'))
            {
                problem = $"header {Name}: the value in {Place} has characters that no header may have; expected printable ASCII on one line";
            }

            return problem is null ? value : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"header {Name}: file {Place} cannot be read ({exception.Message}); check the path and its permissions";
            return null;
        }
    }

    internal string? Validate()
    {
        if (Name.Length == 0 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || Ours.Contains(Name)
            || Name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase))
        {
            return $"header '{Name}': expected a name that is not one of HTTP's or gRPC's own, such as Authorization";
        }

        Read(out var problem);
        return problem;
    }

    private string ReadFile()
    {
        using var file = File.OpenRead(Place);
        var bytes = new byte[MaxValueBytes];
        return System.Text.Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).TrimEnd('\r', '\n');
    }
}

public enum HeaderPlace
{
    Variable,
    File,
}
