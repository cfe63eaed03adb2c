using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Gateway.Forward.Spool;

/// <summary>
/// The folder of one spool, held by one process: numbered segments, the reader's position, and what was refused for good. The lock is the
/// system's on an open file, so no crash leaves it behind.
/// </summary>
internal sealed class SpoolFolder : IDisposable
{
    private const string Extension = ".seg";

    private readonly FileStream _lock;

    private SpoolFolder(string path, FileStream held)
    {
        Root = path;
        _lock = held;
    }

    public string Root { get; }

    public string Position => Path.Combine(Root, "position");

    public string Refused => Path.Combine(Root, "refused.records");

    /// <exception cref="SpoolException">It cannot be made or written, or another process has it.</exception>
    public static SpoolFolder Hold(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                // Telemetry is nobody else's to read.
                Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new SpoolFolder(full, new FileStream(Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SpoolException($"spool folder {full} cannot be written ({exception.Message}); choose another with spool-folder=DIR", exception);
        }
        catch (IOException exception)
        {
            throw new SpoolException(
                $"spool folder {full} cannot be held ({exception.Message}); if another gateway uses it, give this one its own with spool-folder=DIR", exception);
        }
    }

    public string PathOf(long number) => Path.Combine(Root, number.ToString("D16", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Numbers of the segments, ascending.</summary>
    public List<long> Segments() =>
    [
        .. Directory.EnumerateFiles(Root, "*" + Extension)
            .Select(file => long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0)
            .Order(),
    ];

    /// <summary>Makes a new file's name as durable as its content.</summary>
    public void Flush()
    {
        if (OperatingSystem.IsWindows())
        {
            // NTFS writes names ahead in its journal.
            return;
        }

        using var handle = new SafeFileHandle(Open(Root, 0), ownsHandle: true);
        if (handle.IsInvalid || Sync(handle) != 0)
        {
            throw new IOException($"cannot flush {Root}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    public void Dispose() => _lock.Dispose();

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Sync(SafeFileHandle handle);
}
