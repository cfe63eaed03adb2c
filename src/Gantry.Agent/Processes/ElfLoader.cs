using System.Buffers.Binary;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// How an executable is started: by which C library's loader, or by none. Read from the program headers, which even a file without sections has. The
/// file belongs to somebody else and may lie: what does not fit is as if it were not there, and then nothing is claimed.
/// </summary>
/// <remarks>
/// 64 bit: e_phoff at 32 (8 bytes), e_phentsize at 54, e_phnum at 56 (2 each); p_type at 0 (4), p_offset at 8, p_filesz at 32 (8 each).
/// 32 bit: e_phoff at 28 (4), 42, 44; p_type at 0, p_offset at 4, p_filesz at 16 (4 each). A dynamic entry is a tag and a value, a word each.
/// https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html
/// </remarks>
/// <param name="Libc">"glibc", "musl", or "" for none and for others.</param>
/// <param name="IsStatic">It names no loader and needs no library, be it at a fixed place or not (static-pie).</param>
internal sealed record ElfLoader(string Libc, bool IsStatic)
{
    public static readonly ElfLoader Unknown = new("", false);

    private const int MostHeaders = 128;
    private const int LongestPath = 4096;
    private const uint Dynamic = 2;
    private const uint Interpreter = 3;
    private const long Needed = 1;

    /// <param name="descriptor">Stays the caller's to close.</param>
    /// <param name="scratch">At least 64 KiB; overwritten.</param>
    public static ElfLoader Read(int descriptor, Span<byte> scratch)
    {
        Span<byte> header = stackalloc byte[64];
        // The third byte behind the name says 32 or 64 bits, the fourth the order of bytes.
        if (Host.Libc.Read(descriptor, header, 0) < 52 || !header.StartsWith("\u007fELF"u8) || header[4] is not (1 or 2) || header[5] != 1)
        {
            return Unknown;
        }

        var isWide = header[4] == 2;
        var offset = Word(header, isWide ? 32 : 28, isWide);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(header[(isWide ? 54 : 42)..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header[(isWide ? 56 : 44)..]);
        if (offset <= 0 || size != (isWide ? 56 : 32) || count is 0 or > MostHeaders)
        {
            return Unknown;
        }

        Span<byte> headers = stackalloc byte[count * size];
        return Host.Libc.Read(descriptor, headers, offset) == headers.Length ? Find(descriptor, headers, size, isWide, scratch) : Unknown;
    }

    private static ElfLoader Find(int descriptor, ReadOnlySpan<byte> headers, int size, bool isWide, Span<byte> scratch)
    {
        var needsLibrary = false;
        for (var at = 0; at < headers.Length; at += size)
        {
            var entry = headers[at..];
            var type = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            var offset = Word(entry, isWide ? 8 : 4, isWide);
            var length = Word(entry, isWide ? 32 : 16, isWide);
            if (type is not (Dynamic or Interpreter) || offset < 0 || length <= 0)
            {
                continue;
            }

            var read = Host.Libc.Read(descriptor, scratch[..(int)Math.Min(length, type == Interpreter ? LongestPath : scratch.Length)], offset);
            var segment = scratch[..Math.Max(read, 0)];
            if (type == Interpreter)
            {
                return new ElfLoader(LibcOf(segment), false);
            }

            needsLibrary |= Needs(segment, isWide);
        }

        return new ElfLoader("", !needsLibrary);
    }

    /// <summary>"/lib64/ld-linux-x86-64.so.2", "/lib/ld64.so.1", "/lib/ld-musl-x86_64.so.1", wherever a distribution keeps it.</summary>
    internal static string LibcOf(ReadOnlySpan<byte> path)
    {
        var name = path.TrimEnd((byte)0);
        name = name[(name.LastIndexOf((byte)'/') + 1)..];
        return name.StartsWith("ld-musl"u8) ? "musl" : name.StartsWith("ld-linux"u8) || name.StartsWith("ld64.so"u8) || name.StartsWith("ld.so"u8) ? "glibc" : "";
    }

    private static bool Needs(ReadOnlySpan<byte> dynamic, bool isWide)
    {
        var step = isWide ? 16 : 8;
        for (var at = 0; at + step <= dynamic.Length; at += step)
        {
            var tag = Word(dynamic, at, isWide);
            if (tag is 0 or Needed)
            {
                return tag == Needed;
            }
        }

        return false;
    }

    private static long Word(ReadOnlySpan<byte> bytes, int at, bool isWide) =>
        isWide ? BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
