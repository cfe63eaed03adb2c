using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// Facts of executable files, each read once however many processes run it. The key holds size and time of change, as an inode is used
/// again when an upgrade replaces the file.
/// </summary>
internal sealed class Executables(ProcFiles proc)
{
    private const int MostFiles = 1024;

    private readonly Dictionary<FileKey, ElfFacts> _facts = [];
    private readonly Dictionary<(FileKey, string), string> _versions = [];
    private readonly byte[] _scratch = new byte[68 * 1024];

    public ElfFacts Facts(int pid)
    {
        if (!TryKey(pid, out var key))
        {
            return ElfFacts.None;
        }

        if (!_facts.TryGetValue(key, out var facts))
        {
            facts = Read(pid);
            Bound(_facts);
            _facts.Add(key, facts);
        }

        return facts;
    }

    /// <summary>See <see cref="ElfFacts.FindVersion"/>.</summary>
    public string Version(int pid, string prefix)
    {
        if (!TryKey(pid, out var key))
        {
            return "";
        }

        if (!_versions.TryGetValue((key, prefix), out var version))
        {
            var bytes = System.Text.Encoding.ASCII.GetBytes(prefix);
            version = Open(pid, (scoped file) => ElfFacts.FindVersion(file, bytes)) ?? "";
            Bound(_versions);
            _versions.Add((key, prefix), version);
        }

        return version;
    }

    private ElfFacts Read(int pid)
    {
        var descriptor = proc.Open(pid, "exe"u8);
        if (descriptor < 0)
        {
            return ElfFacts.None;
        }

        // A file without sections still says how it is started.
        var facts = ElfFile.TryOpen(descriptor, _scratch, out var file) ? ElfFacts.Read(file) : ElfFacts.None;
        facts = facts with { Loader = ElfLoader.Read(descriptor, _scratch) };
        _ = Libc.Close(descriptor);
        return facts;
    }

    private delegate T ElfReader<T>(scoped ElfFile file);

    private T? Open<T>(int pid, ElfReader<T> read)
        where T : class
    {
        var descriptor = proc.Open(pid, "exe"u8);
        if (descriptor < 0)
        {
            return null;
        }

        var result = ElfFile.TryOpen(descriptor, _scratch, out var file) ? read(file) : null;
        _ = Libc.Close(descriptor);
        return result;
    }

    private bool TryKey(int pid, out FileKey key)
    {
        var isFile = proc.TryStat(pid, "exe"u8, default, out var status) && status.IsFile;
        key = new FileKey(status.DeviceMajor, status.DeviceMinor, status.Inode, status.Size, status.ModifiedSeconds);
        return isFile;
    }

    private static void Bound<TKey, TValue>(Dictionary<TKey, TValue> cache)
        where TKey : notnull
    {
        if (cache.Count >= MostFiles)
        {
            cache.Clear();
        }
    }

    private readonly record struct FileKey(uint Major, uint Minor, ulong Inode, ulong Size, long Modified);
}
