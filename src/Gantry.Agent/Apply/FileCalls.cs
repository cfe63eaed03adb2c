using System.Runtime.InteropServices;
using System.Text;

namespace Gantry.Agent.Apply;

/// <summary>
/// The calls that keep a path from leading elsewhere: each step is taken from an open folder, and never over a symbolic link. The runtime's own
/// file classes follow links. Numbers are those of Linux on x86-64 and arm64, which differ for two flags.
/// </summary>
internal static partial class FileCalls
{
    public const int NoEntry = 2;
    public const int Exists = 17;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int NotAFolder = 20;

    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int CurrentFolder = -100;
    private const int RemoveFolder = 0x200;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64;
    private static readonly int Folder = IsArm ? 0x4000 : 0x10000;
    private static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    public static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>Opens a folder by its whole path, as an operator gave it: links in it are theirs.</summary>
    public static int OpenRoot(string path) => OpenAt(CurrentFolder, Text(path), Folder | CloseOnExec, 0);

    public static int OpenFolder(int parent, string name) => OpenAt(parent, Text(name), Folder | NoFollow | CloseOnExec, 0);

    public static int OpenFile(int parent, string name) => OpenAt(parent, Text(name), NonBlocking | NoFollow | CloseOnExec, 0);

    public static int CreateFile(int parent, string name) => OpenAt(parent, Text(name), WriteOnly | Create | Exclusive | NoFollow | CloseOnExec, 0b110_000_000);

    public static bool MakeFolder(int parent, string name) => MakeFolderAt(parent, Text(name), 0b111_101_101) == 0;

    public static bool Rename(int parent, string from, string to) => RenameAt(parent, Text(from), parent, Text(to)) == 0;

    public static bool Remove(int parent, string name) => UnlinkAt(parent, Text(name), 0) == 0;

    public static bool RemoveEmptyFolder(int parent, string name) => UnlinkAt(parent, Text(name), RemoveFolder) == 0;

    public static bool TryStat(int descriptor, out FileOwner status)
    {
        const int EmptyPath = 0x1000;
        return StatX(descriptor, Text(""), EmptyPath, 0x7FF, out status) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(int descriptor, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int descriptor);

    private static byte[] Text(string path) => Encoding.UTF8.GetBytes(path + "\0");

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int parent, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeFolderAt(int parent, ReadOnlySpan<byte> path, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAt(int from, ReadOnlySpan<byte> old, int to, ReadOnlySpan<byte> name);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(int parent, ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int folder, ReadOnlySpan<byte> path, int flags, uint mask, out FileOwner status);
}

/// <summary>struct statx of linux/stat.h, 256 bytes, the fields that are used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileOwner
{
    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(20)]
    public uint User;

    [FieldOffset(24)]
    public uint Group;

    [FieldOffset(28)]
    public ushort Type;

    [FieldOffset(40)]
    public ulong Size;

    public readonly bool IsFile => (Type & 0xF000) == 0x8000;

    public readonly int Mode => Type & 0xFFF;
}
