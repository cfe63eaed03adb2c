namespace Gantry.Cli.Methods;

/// <summary>A file that the user names.</summary>
internal static class TextFile
{
    private const int Longest = 1024 * 1024;

    /// <exception cref="CommandFailure">It cannot be read, or is too long.</exception>
    public static async Task<string> ReadAsync(string option, string file, CancellationToken cancellation)
    {
        try
        {
            return new FileInfo(file).Length <= Longest
                ? await File.ReadAllTextAsync(file, cancellation)
                : throw new CommandFailure($"{option} {file}: it is longer than {Longest} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{option} {file}: cannot be read ({exception.Message.TrimEnd('.')})");
        }
    }
}
