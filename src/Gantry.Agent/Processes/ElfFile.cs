using System.Buffers.Binary;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>Where a section's bytes are in the file.</summary>
internal readonly record struct ElfSection(long Offset, long Size)
{
    public bool Exists => Size > 0;
}

/// <summary>
/// The sections of a 64-bit little-endian ELF file that tell a language, read with a handful of bounded reads. The file belongs to somebody
/// else and may lie: every offset, count and length is checked, and what does not fit is as if it were not there.
/// </summary>
/// <remarks>
/// Elf64_Ehdr: e_shoff at 40 (8 bytes), e_shentsize at 58, e_shnum at 60, e_shstrndx at 62 (2 bytes each). Elf64_Shdr, 64 bytes: sh_name at 0
/// (4), sh_type at 4 (4), sh_offset at 24 (8), sh_size at 32 (8). https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.sheader.html
/// </remarks>
internal ref struct ElfFile
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const int MostSections = 1024;
    private const int MostNames = 64 * 1024;
    private const uint NoBits = 8;

    private readonly int _descriptor;
    private readonly Span<byte> _scratch;

    public ElfSection GoTable;
    public ElfSection GoBuildInfo;
    public ElfSection Comment;
    public ElfSection DynamicNames;
    public ElfSection ReadOnlyData;

    private ElfFile(int descriptor, Span<byte> scratch)
    {
        _descriptor = descriptor;
        _scratch = scratch;
    }

    /// <param name="descriptor">Stays the caller's to close.</param>
    /// <param name="scratch">At least 64 KiB + 4 KiB; overwritten by every call.</param>
    public static bool TryOpen(int descriptor, Span<byte> scratch, out ElfFile file)
    {
        file = new ElfFile(descriptor, scratch);
        var header = file.ReadAt(0, HeaderSize);
        if (header.Length < HeaderSize || !header.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }

        var offset = (long)BinaryPrimitives.ReadUInt64LittleEndian(header[40..]);
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[58..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
        var names = BinaryPrimitives.ReadUInt16LittleEndian(header[62..]);
        if (entrySize != SectionSize || count is 0 or > MostSections || names >= count || offset <= 0)
        {
            return false;
        }

        return file.TryReadSections(offset, count, names);
    }

    /// <summary>Up to <paramref name="length"/> bytes; fewer where the file ends. Valid until the next call.</summary>
    public readonly ReadOnlySpan<byte> ReadAt(long offset, int length)
    {
        length = Math.Min(length, _scratch.Length);
        var read = offset < 0 ? 0 : Libc.Read(_descriptor, _scratch[..length], offset);
        return _scratch[..Math.Max(read, 0)];
    }

    public readonly ReadOnlySpan<byte> Read(ElfSection section, int most) =>
        section.Exists ? ReadAt(section.Offset, (int)Math.Min(section.Size, most)) : default;

    /// <summary>Finds <paramref name="needle"/> in the first <paramref name="most"/> bytes of a section.</summary>
    /// <param name="found">What was found and up to 128 bytes behind it.</param>
    public readonly bool TryFind(ElfSection section, ReadOnlySpan<byte> needle, int most, out ReadOnlySpan<byte> found)
    {
        // Pieces overlap, so that a hit on a border is whole in the later one.
        const int Piece = 64 * 1024;
        const int Tail = 128;
        var end = Math.Min(section.Size, most);
        for (long position = 0; position < end; position += Piece)
        {
            var piece = ReadAt(section.Offset + position, (int)Math.Min(Piece + needle.Length + Tail, section.Size - position));
            var at = piece.IndexOf(needle);
            if (at >= 0)
            {
                found = piece.Slice(at, Math.Min(needle.Length + Tail, piece.Length - at));
                return true;
            }

            if (piece.IsEmpty)
            {
                break;
            }
        }

        found = default;
        return false;
    }

    private bool TryReadSections(long offset, int count, int namesIndex)
    {
        var headers = ReadAt(offset, count * SectionSize);
        if (headers.Length < count * SectionSize)
        {
            return false;
        }

        // The names overwrite the scratch: keep the headers. At most 64 KiB, once for each program.
        var kept = headers.ToArray();
        var names = Read(Section(kept, namesIndex), Math.Min(MostNames, _scratch.Length));
        for (var i = 0; i < count; i++)
        {
            var start = BinaryPrimitives.ReadUInt32LittleEndian(kept.AsSpan(i * SectionSize));
            if (start < names.Length)
            {
                var name = names[(int)start..];
                var end = name.IndexOf((byte)0);
                Keep(end < 0 ? name : name[..end], Section(kept, i));
            }
        }

        return true;
    }

    private static ElfSection Section(ReadOnlySpan<byte> headers, int index)
    {
        var header = headers.Slice(index * SectionSize, SectionSize);
        var offset = (long)BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        var size = (long)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        var hasBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != NoBits;
        return hasBytes && offset > 0 && size > 0 && offset <= long.MaxValue - size ? new ElfSection(offset, size) : default;
    }

    private void Keep(ReadOnlySpan<byte> name, ElfSection section)
    {
        if (name.SequenceEqual(".gopclntab"u8) || name.SequenceEqual(".data.rel.ro.gopclntab"u8))
        {
            GoTable = section;
        }
        else if (name.SequenceEqual(".go.buildinfo"u8))
        {
            GoBuildInfo = section;
        }
        else if (name.SequenceEqual(".comment"u8))
        {
            Comment = section;
        }
        else if (name.SequenceEqual(".dynstr"u8))
        {
            DynamicNames = section;
        }
        else if (name.SequenceEqual(".rodata"u8))
        {
            ReadOnlyData = section;
        }
    }
}
