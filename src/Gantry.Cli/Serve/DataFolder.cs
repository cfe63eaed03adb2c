using System.Text;

namespace Gantry.Cli.Serve;

/// <summary>
/// The data folder, held by one process at a time. The lock is the system's lock on an open file, so a crash never leaves it behind; a second
/// file only tells the next one who has it.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "gantry.lock";
    private const string OwnerName = "gantry.owner";
    private const int MaxOwnerBytes = 256;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public static string Default(Func<string, string?> variable)
    {
        if (variable("GANTRY_DATA") is { Length: > 0 } named)
        {
            return named;
        }

        // The XDG specification: relative paths are invalid and ignored.
        return variable("XDG_DATA_HOME") is { Length: > 0 } data && System.IO.Path.IsPathRooted(data)
            ? System.IO.Path.Combine(data, "gantry")
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share", "gantry");
    }

    /// <exception cref="CommandFailure">It cannot be made or written, or another process has it.</exception>
    public static DataFolder Hold(string path)
    {
        var full = Make(path);
        var file = System.IO.Path.Combine(full, LockName);
        try
        {
            return new DataFolder(full, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw NotWritable(full, exception.Message);
        }
        catch (IOException exception)
        {
            throw IsLocked(file)
                ? new CommandFailure($"the data folder {full} is in use by another gantry{Owner(full)}; stop that one, or give this one a folder of its own with --data DIR")
                : NotWritable(full, exception.Message);
        }
    }

    /// <exception cref="CommandFailure">It cannot be made.</exception>
    public static string Make(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            return full;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw NotWritable(full, exception.Message);
        }
    }

    /// <summary>Leaves word for whoever finds the folder in use.</summary>
    /// <param name="what">What this process is.</param>
    public void Sign(string what) => File.WriteAllText(OwnerFile(Path), $"process {Environment.ProcessId}, {what}");

    public void Dispose()
    {
        File.Delete(OwnerFile(Path));
        _lock.Dispose();
    }

    private static string OwnerFile(string folder) => System.IO.Path.Combine(folder, OwnerName);

    private static bool IsLocked(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>" (process 42, http://127.0.0.1:4320/)"; "" from one that is only just starting.</summary>
    private static string Owner(string folder)
    {
        try
        {
            using var stream = File.OpenRead(OwnerFile(folder));
            var text = new byte[MaxOwnerBytes];
            var length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return $" ({Encoding.UTF8.GetString(text, 0, length)})";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static CommandFailure NotWritable(string path, string reason) =>
        new($"cannot write to the data folder {path} ({reason.TrimEnd('.')}); choose another with --data DIR or GANTRY_DATA");
}
