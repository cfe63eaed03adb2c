using System.Runtime.InteropServices;

namespace Gantry.Agent.Host;

/// <summary>
/// The few calls that thousands of small /proc reads need. File.OpenHandle would do the same with an fstat, an allocation and, for each
/// process that ended meanwhile, an exception; here a failure is a number. Paths are UTF-8 and end with a zero byte.
/// </summary>
internal static partial class Libc
{
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int Interrupted = 4;
    public const int NotPermitted = 1;
    public const int AccessDenied = 13;

    // A FIFO or a device planted where a file was expected must not block the agent.
    private const int ReadOnlyNonBlockingCloseOnExec = 0x0 | 0x800 | 0x80000;

    public static int Open(ReadOnlySpan<byte> path) => OpenCore(path, ReadOnlyNonBlockingCloseOnExec);

    /// <returns>Bytes read, 0 at the end, -1 on failure.</returns>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        nint read;
        do
        {
            read = ReadCore(descriptor, buffer, (nuint)buffer.Length);
        }
        while (read < 0 && LastError == Interrupted);

        return (int)read;
    }

    public static int Read(int descriptor, Span<byte> buffer, long offset) =>
        (int)PReadCore(descriptor, buffer, (nuint)buffer.Length, offset);

    public static int ReadLink(ReadOnlySpan<byte> path, Span<byte> target) =>
        (int)ReadLinkCore(path, target, (nuint)target.Length);

    public static int LastError => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>statx, as its struct is the same on every architecture and C library.</summary>
    public static bool TryStat(ReadOnlySpan<byte> path, out FileStatus status)
    {
        const int CurrentDirectory = -100;
        const uint BasicStats = 0x7FF;
        return StatX(CurrentDirectory, path, 0, BasicStats, out status) == 0;
    }

    /// <summary>Adds every entry of a folder whose name is a number. The runtime's own enumeration would stat the target of each link in fd.</summary>
    public static bool TryListNumbers(ReadOnlySpan<byte> path, List<int> numbers)
    {
        var folder = OpenFolder(path);
        if (folder == 0)
        {
            return false;
        }

        nint entry;
        while ((entry = ReadFolder(folder)) != 0)
        {
            if (TryNumber(entry, out var number))
            {
                numbers.Add(number);
            }
        }

        _ = CloseFolder(folder);
        return true;
    }

    /// <summary>struct dirent, the same on all 64-bit Linux: d_ino (8), d_off (8), d_reclen (2), d_type (1), then the name and a zero byte.</summary>
    private static bool TryNumber(nint entry, out int number)
    {
        const int Name = 19;
        number = 0;
        int digit, length = 0;
        while ((digit = Marshal.ReadByte(entry, Name + length)) != 0)
        {
            if (digit is < '0' or > '9' || ++length > 9)
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        return length > 0;
    }

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    private static partial nint OpenFolder(ReadOnlySpan<byte> path);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial nint ReadFolder(nint folder);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseFolder(nint folder);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenCore(ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadCore(int descriptor, Span<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint PReadCore(int descriptor, Span<byte> buffer, nuint count, nint offset);

    private static nint PReadCore(int descriptor, Span<byte> buffer, nuint count, long offset) =>
        PReadCore(descriptor, buffer, count, (nint)offset);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLinkCore(ReadOnlySpan<byte> path, Span<byte> target, nuint size);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int directory, ReadOnlySpan<byte> path, int flags, uint mask, out FileStatus status);
}

/// <summary>struct statx of linux/stat.h, 256 bytes, the fields that are used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    [FieldOffset(20)]
    public uint User;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Size;

    [FieldOffset(112)]
    public long ModifiedSeconds;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;

    public readonly bool IsFile => (Mode & 0xF000) == 0x8000;
}
