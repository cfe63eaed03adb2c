using System.Text;

namespace Gantry.Cli.Serve;

/// <summary>
/// The data folder, held by one process at a time. The lock is the system's lock on an open file, so a crash never leaves it behind; the
/// file's text only tells the next one who has it.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "gantry.lock";
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
                ? new CommandFailure($"the data folder {full} is in use by another gantry{Owner(file)}; stop that one, or give this one a folder of its own with --data DIR")
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
    public void Sign(string what)
    {
        _lock.SetLength(0);
        _lock.Write(Encoding.UTF8.GetBytes($"process {Environment.ProcessId}, {what}"));
        _lock.Flush();
    }

    public void Dispose()
    {
        _lock.SetLength(0);
        _lock.Dispose();
    }

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

    private static string Owner(string file)
    {
        try
        {
            // Shared for reading and writing, so that no lock of our own is asked for.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var text = new byte[MaxOwnerBytes];
            var length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length > 0 ? $" ({Encoding.UTF8.GetString(text, 0, length)})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static CommandFailure NotWritable(string path, string reason) =>
        new($"cannot write to the data folder {path} ({reason.TrimEnd('.')}); choose another with --data DIR or GANTRY_DATA");
}
