using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Agent.Apply;

/// <summary>
/// The files of a host below a folder ("/" but for tests), reached step by step from its top: a symbolic link anywhere on the way is an error, and
/// so is whatever lies outside of what is allowed.
/// </summary>
internal sealed class HostTree(string root)
{
    /// <summary>Larger than any configuration file; what is larger is none of ours.</summary>
    private const int LongestFile = 4 * 1024 * 1024;

    /// <summary>Where the agent may write. A path that ends with '/' is a folder with all that is in it.</summary>
    private static readonly string[] Allowed = ["/etc/opentelemetry/injector/conf.d/99-gantry.conf", "/etc/opentelemetry/gantry/", "/etc/ld.so.preload", "/etc/systemd/system/"];

    public string Root { get; } = root;

    /// <exception cref="ApplyException">It is none of the paths that the agent writes.</exception>
    public static void CheckAllowed(string path)
    {
        var parts = path.Split('/');
        var isPlain = path.StartsWith('/') && !path.Any(char.IsControl) && !parts.Skip(1).Any(part => part is "" or "." or "..");
        var isAllowed = Array.Exists(Allowed, allowed => allowed[^1] == '/' ? path.StartsWith(allowed, StringComparison.Ordinal) : path == allowed);

        // Of systemd's folder, a unit's own drop-in and nothing else.
        if (!isPlain || !isAllowed || (path.StartsWith("/etc/systemd/", StringComparison.Ordinal) && !(parts.Length == 6 && parts[4].EndsWith(".service.d", StringComparison.Ordinal) && parts[5] == "50-gantry-otel.conf")))
        {
            throw new ApplyException($"{path} is none of the files that the agent may write");
        }
    }

    /// <returns>Null: there is none.</returns>
    /// <exception cref="ApplyException">It is no plain file, or a link is on the way.</exception>
    public FileState? Read(string path)
    {
        using var folder = TryParent(path);
        return folder is null ? null : Read(folder, path);
    }

    /// <summary>Folders on the way to a file that do not exist, the outermost first.</summary>
    public List<string> MissingFolders(string path)
    {
        var missing = new List<string>();
        var parts = path.Split('/')[1..^1];
        for (var i = 1; i <= parts.Length; i++)
        {
            var folder = "/" + string.Join('/', parts[..i]);
            using var handle = missing.Count > 0 ? null : TryOpen(folder);
            if (handle is null)
            {
                missing.Add(folder);
            }
        }

        return missing;
    }

    public void MakeFolder(string path)
    {
        using var parent = Parent(path);
        if (!FileCalls.MakeFolder(Number(parent), Name(path)) && FileCalls.LastError != FileCalls.Exists)
        {
            throw Failed(path, "cannot be made");
        }

        using var folder = TryOpen(path) ?? throw Failed(path, "cannot be opened");

        // Whatever the agent's umask is: the loader of every process has to get in.
        _ = FileCalls.ChangeMode(Number(folder), 0b111_101_101);
        Sync(parent, path);
    }

    /// <summary>Only when it is empty, and reached without a link: what others put there is theirs.</summary>
    public void RemoveFolder(string path)
    {
        try
        {
            using var parent = TryParent(path);
            if (parent is not null && FileCalls.RemoveEmptyFolder(Number(parent), Name(path)))
            {
                Sync(parent, path);
            }
        }
        catch (ForeignFileException)
        {
            // Nothing of ours is below it.
        }
    }

    /// <summary>Writes the file beside its place, to the disk. <see cref="Publish"/> puts it there.</summary>
    public void Stage(string path, FileState state)
    {
        using var parent = Parent(path);
        _ = FileCalls.Remove(Number(parent), Staged(path));
        var descriptor = FileCalls.CreateFile(Number(parent), Staged(path));
        if (descriptor < 0)
        {
            throw Failed(path, "cannot be written");
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, state.Content, 0);
        if ((FileCalls.TryStat(descriptor, out var now) && (now.User != state.User || now.Group != state.Group) && FileCalls.ChangeOwner(descriptor, state.User, state.Group) != 0)
            || FileCalls.ChangeMode(descriptor, (uint)state.Mode) != 0
            || FileCalls.Sync(descriptor) != 0)
        {
            throw Failed(path, "cannot be given its owner and mode");
        }
    }

    public void Publish(string path)
    {
        using var parent = Parent(path);
        if (!FileCalls.Rename(Number(parent), Staged(path), Name(path)))
        {
            throw Failed(path, "cannot be replaced");
        }

        Sync(parent, path);
    }

    public void Remove(string path)
    {
        using var parent = TryParent(path);
        if (parent is null)
        {
            return;
        }

        if (!FileCalls.Remove(Number(parent), Name(path)) && FileCalls.LastError != FileCalls.NoEntry)
        {
            throw Failed(path, "cannot be removed");
        }

        Sync(parent, path);
    }

    /// <summary>What a cut-off change left beside the file.</summary>
    public void RemoveStaged(string path)
    {
        using var parent = TryParent(path);
        if (parent is not null)
        {
            _ = FileCalls.Remove(Number(parent), Staged(path));
        }
    }

    private static FileState? Read(SafeFileHandle folder, string path)
    {
        var descriptor = FileCalls.OpenFile(Number(folder), Name(path));
        if (descriptor < 0)
        {
            return FileCalls.LastError == FileCalls.NoEntry ? null : throw Failed(path, "cannot be read");
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (!FileCalls.TryStat(descriptor, out var status) || !status.IsFile || status.Links > 1 || status.Size > LongestFile)
        {
            throw new ForeignFileException($"{path} is no plain file of one name and at most {LongestFile} bytes; the agent leaves it alone");
        }

        var content = new ArrayBufferWriter<byte>((int)status.Size + 1);
        int read;
        while ((read = RandomAccess.Read(file, content.GetSpan(4096), content.WrittenCount)) > 0 && content.WrittenCount <= LongestFile)
        {
            content.Advance(read);
        }

        return new FileState(content.WrittenSpan.ToArray(), status.Mode, status.User, status.Group);
    }

    private SafeFileHandle Parent(string path) => TryParent(path) ?? throw new ApplyException($"{path}: its folder does not exist");

    private SafeFileHandle? TryParent(string path) => TryOpen(path[..path.LastIndexOf('/')]);

    private SafeFileHandle? TryOpen(string folder)
    {
        var at = FileCalls.OpenRoot(Root);
        var handle = at < 0 ? throw new ApplyException($"{Root} cannot be opened: error {FileCalls.LastError}") : new SafeFileHandle(at, ownsHandle: true);
        foreach (var part in folder.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using var outer = handle;
            var next = FileCalls.OpenFolder(Number(outer), part);
            if (next < 0)
            {
                return FileCalls.LastError == FileCalls.NoEntry ? null : throw Failed(folder, $"cannot be opened at '{part}'");
            }

            handle = new SafeFileHandle(next, ownsHandle: true);
        }

        return handle;
    }

    private static void Sync(SafeFileHandle folder, string path)
    {
        if (FileCalls.Sync(Number(folder)) != 0)
        {
            throw Failed(path, "cannot be made durable");
        }
    }

    private static ApplyException Failed(string path, string what) => FileCalls.LastError switch
    {
        FileCalls.TooManyLinks or FileCalls.NotAFolder => new ForeignFileException($"{path} {what}: a symbolic link, or no folder, is on the way; the agent follows none"),
        1 or 13 => new ApplyException($"{path} {what}: not permitted; it needs root"),
        30 => new ApplyException($"{path} {what}: the file system is read-only"),
        28 => new ApplyException($"{path} {what}: the disk is full"),
        var error => new ApplyException($"{path} {what}: error {error}"),
    };

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>No reader takes it for its own: the injector reads *.conf, systemd too.</summary>
    private static string Staged(string path) => $".{Name(path)}.gantry-new";
}
