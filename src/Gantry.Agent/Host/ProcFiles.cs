using System.Buffers.Text;
using System.Text;

namespace Gantry.Agent.Host;

/// <summary>How a read ended. A process that has gone is a normal answer, not an error.</summary>
internal enum FileOutcome
{
    Ok,
    Missing,
    Denied,
    Failed,
}

/// <summary>
/// A tree of small files that the kernel writes: /proc or /sys, or a folder of fixtures. One buffer is reused for all reads: what a read
/// returns is valid until the next one. Not thread-safe; the agent has one loop.
/// </summary>
internal sealed class ProcFiles : IDisposable
{
    /// <summary>Larger than any file that is read whole on an ordinary host: /proc/stat of 512 CPUs has 60 KiB.</summary>
    private const int FirstBuffer = 32 * 1024;

    private readonly byte[] _path = new byte[4096 + 512];
    private readonly int _rootLength;
    private byte[] _buffer = new byte[FirstBuffer];

    public ProcFiles(string root)
    {
        Root = root.TrimEnd('/');
        _rootLength = Encoding.UTF8.GetBytes(Root, _path);
        _path[_rootLength++] = (byte)'/';
    }

    public string Root { get; }

    /// <summary>Reads a file of the tree whole.</summary>
    /// <param name="limit">Bytes; what lies behind is left out, as a file that grew past it is not what was expected.</param>
    public FileOutcome TryRead(ReadOnlySpan<byte> relative, out ReadOnlySpan<byte> content, int limit = 1 << 20) =>
        Read(Path(relative), limit, out content);

    /// <summary>The same for a file of one process: <c>{root}/{pid}/{name}</c>.</summary>
    public FileOutcome TryRead(int pid, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content, int limit = 1 << 20) =>
        Read(Path(pid, name, default), limit, out content);

    /// <summary>The same below a link of the process, as <c>{root}/{pid}/root{tail}</c>.</summary>
    /// <remarks>A link of a container that begins with / leads into this host's files: use what is read only for a version or the like.</remarks>
    public FileOutcome TryRead(int pid, ReadOnlySpan<byte> name, ReadOnlySpan<byte> tail, out ReadOnlySpan<byte> content, int limit) =>
        Read(Path(pid, name, tail), limit, out content);

    /// <summary>Opens a file of one process: <c>{root}/{pid}/{name}{tail}</c>.</summary>
    /// <returns>A descriptor to close, or -1.</returns>
    public int Open(int pid, ReadOnlySpan<byte> name, ReadOnlySpan<byte> tail = default) => Libc.Open(Path(pid, name, tail));

    /// <summary>A file that may be large, line by line. The lines share the buffer of the reads.</summary>
    /// <param name="outcome">Why there are none.</param>
    public FileLines Lines(int pid, ReadOnlySpan<byte> name, int mostBytes, out FileOutcome outcome)
    {
        var descriptor = Open(pid, name);
        outcome = descriptor < 0 ? Outcome() : FileOutcome.Ok;
        return new FileLines(descriptor, _buffer, mostBytes);
    }

    public bool TryStat(int pid, ReadOnlySpan<byte> name, ReadOnlySpan<byte> tail, out FileStatus status) =>
        Libc.TryStat(Path(pid, name, tail), out status);

    public bool Exists(ReadOnlySpan<byte> relative) => Libc.TryStat(Path(relative), out _);

    /// <summary>Where a link points, cut at the size of <paramref name="target"/>.</summary>
    public FileOutcome TryReadLink(int pid, ReadOnlySpan<byte> name, Span<byte> target, out int length) =>
        Link(Path(pid, name, default), target, out length);

    public FileOutcome TryReadLink(ReadOnlySpan<byte> relative, Span<byte> target, out int length) =>
        Link(Path(relative), target, out length);

    /// <summary>A number alone in a file, as /sys has them; hexadecimal when it begins with 0x.</summary>
    public bool TryReadNumber(ReadOnlySpan<byte> relative, out long value)
    {
        value = 0;
        if (TryRead(relative, out var text, 256) != FileOutcome.Ok)
        {
            return false;
        }

        text = text.Trim("\n\r\t "u8);
        return text.StartsWith("0x"u8)
            ? Utf8Parser.TryParse(text[2..], out value, out var used, 'x') && used == text.Length - 2
            : Utf8Parser.TryParse(text, out value, out used) && used == text.Length;
    }

    /// <summary>Every process: the entries whose name is a number, in the kernel's order.</summary>
    public FileOutcome TryListProcesses(List<int> pids) => List(Path(default), pids);

    /// <summary>Entries of a folder of one process whose name is a number: its open descriptors.</summary>
    public FileOutcome TryList(int pid, ReadOnlySpan<byte> name, List<int> numbers) => List(Path(pid, name, default), numbers);

    /// <summary>Names of the entries of a folder; none when it is missing.</summary>
    public IReadOnlyList<string> Names(string relative)
    {
        var folder = new DirectoryInfo(Root + "/" + relative);
        return folder.Exists ? [.. folder.EnumerateFileSystemInfos().Select(entry => entry.Name)] : [];
    }

    /// <summary>Overwrites what the last read left: after a command line or an environment, which may hold secrets.</summary>
    public void Forget() => Array.Clear(_buffer);

    public void Dispose() => Forget();

    private ReadOnlySpan<byte> Path(ReadOnlySpan<byte> relative)
    {
        var length = _rootLength;
        Append(relative, ref length);
        _path[length] = 0;
        return _path.AsSpan(0, length + 1);
    }

    private ReadOnlySpan<byte> Path(int pid, ReadOnlySpan<byte> name, ReadOnlySpan<byte> tail)
    {
        var length = _rootLength;
        Utf8Formatter.TryFormat(pid, _path.AsSpan(length), out var digits);
        length += digits;
        _path[length++] = (byte)'/';
        Append(name, ref length);
        Append(tail, ref length);
        _path[length] = 0;
        return _path.AsSpan(0, length + 1);
    }

    private void Append(ReadOnlySpan<byte> part, ref int length)
    {
        // A path that is longer than the kernel allows is cut, and so not found.
        part = part[..Math.Min(part.Length, _path.Length - length - 1)];
        part.CopyTo(_path.AsSpan(length));
        length += part.Length;
    }

    private FileOutcome Read(ReadOnlySpan<byte> path, int limit, out ReadOnlySpan<byte> content)
    {
        content = default;
        var descriptor = Libc.Open(path);
        if (descriptor < 0)
        {
            return Outcome();
        }

        var length = 0;
        int read;
        while ((read = Libc.Read(descriptor, _buffer.AsSpan(length))) > 0)
        {
            length += read;
            if (length >= limit)
            {
                length = limit;
                break;
            }

            if (length == _buffer.Length)
            {
                Grow();
            }
        }

        var outcome = read < 0 ? Outcome() : FileOutcome.Ok;
        _ = Libc.Close(descriptor);
        content = _buffer.AsSpan(0, read < 0 ? 0 : length);
        return outcome;
    }

    /// <summary>The smaller buffer may hold half of an environment: it is overwritten before it is let go.</summary>
    private void Grow()
    {
        var larger = new byte[_buffer.Length * 2];
        _buffer.CopyTo(larger, 0);
        Array.Clear(_buffer);
        _buffer = larger;
    }

    private static FileOutcome Link(ReadOnlySpan<byte> path, Span<byte> target, out int length)
    {
        length = Libc.ReadLink(path, target);
        if (length >= 0)
        {
            return FileOutcome.Ok;
        }

        length = 0;
        return Outcome();
    }

    private static FileOutcome List(ReadOnlySpan<byte> path, List<int> numbers)
    {
        numbers.Clear();
        return Libc.TryListNumbers(path, numbers) ? FileOutcome.Ok : Outcome();
    }

    private static FileOutcome Outcome() => Libc.LastError switch
    {
        Libc.NoEntry or Libc.NoProcess => FileOutcome.Missing,
        Libc.AccessDenied or Libc.NotPermitted => FileOutcome.Denied,
        _ => FileOutcome.Failed,
    };
}
