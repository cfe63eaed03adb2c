using System.Buffers.Binary;
using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Processes;

public sealed class ElfTests
{
    [Fact]
    public void Go_is_known_by_its_table_and_its_version_by_its_build_info()
    {
        var facts = Read(Elf((".gopclntab", "x"u8.ToArray()), (".go.buildinfo", BuildInfo("go1.24.3"))));

        Assert.Equal((NativeKind.Go, "1.24.3"), (facts.Kind, facts.Version));
        Assert.Contains(".gopclntab", facts.Rule);
    }

    [Theory]
    [InlineData("go1.25rc1 X:rangefunc", "1.25")]
    [InlineData("devel go1.26-abc", "")]
    public void Go_versions_that_are_no_releases(string text, string version) => Assert.Equal(version, ElfFacts.GoVersion(BuildInfo(text)));

    [Fact]
    public void Rust_is_known_by_its_compiler_or_by_its_library_paths()
    {
        Assert.Equal("1.85.0", Read(Elf((".comment", "GCC: 12\0rustc version 1.85.0 (4d91de4e4 2025-02-17)\0"u8.ToArray()))).Version);
        Assert.Equal(NativeKind.Rust, Read(Elf((".rodata", "..../rustc/4d91de4e/library/core/src/fmt.rs"u8.ToArray()))).Kind);
        Assert.Equal(NativeKind.Unknown, Read(Elf((".rodata", "/rustc/ but nothing behind"u8.ToArray()))).Kind);
    }

    [Fact]
    public void Dotnet_without_a_library_is_known_by_its_exports()
    {
        Assert.Equal(NativeKind.DotNetSingleFile, Read(Elf((".dynstr", "\0abort\0DotNetRuntimeInfo\0"u8.ToArray()))).Kind);
        Assert.Equal(NativeKind.DotNetNativeAot, Read(Elf((".dynstr", "\0DotNetRuntimeDebugHeader\0"u8.ToArray()))).Kind);
    }

    [Fact]
    public void A_text_across_the_border_of_two_pieces_is_found()
    {
        for (var offset = 65500; offset < 65600; offset++)
        {
            var data = new byte[70_000];
            "nodejs.org/download/release/v22.12.0/"u8.CopyTo(data.AsSpan(offset));

            Assert.Equal("22.12.0", Open(Elf((".rodata", data)), static file => ElfFacts.FindVersion(file, "nodejs.org/download/release/v"u8)));
        }
    }

    [Fact]
    public void Truncated_at_every_byte_it_is_no_error()
    {
        var whole = Elf((".gopclntab", "x"u8.ToArray()), (".go.buildinfo", BuildInfo("go1.24.3")), (".dynstr", new byte[50]));
        for (var length = 0; length < whole.Length; length++)
        {
            Read(whole[..length]);
        }
    }

    [Fact]
    public void Garbage_behind_a_good_magic_is_no_error()
    {
        var random = new Random(99);
        for (var round = 0; round < 300; round++)
        {
            var bytes = Elf((".gopclntab", "x"u8.ToArray()), (".comment", new byte[40]));
            for (var change = 0; change < 12; change++)
            {
                bytes[random.Next(6, bytes.Length)] = (byte)random.Next(256);
            }

            Read(bytes);
        }
    }

    [Fact]
    public void An_offset_or_size_beyond_everything_is_no_error()
    {
        var bytes = Elf((".rodata", new byte[64]));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), ulong.MaxValue);
        Assert.Equal(ElfFacts.None, Read(bytes));

        bytes = Elf((".rodata", new byte[64]));
        var sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(sections + 64 + 32), long.MaxValue);
        Assert.Equal(ElfFacts.None, Read(bytes));
    }

    private static byte[] BuildInfo(string version)
    {
        var text = Encoding.ASCII.GetBytes(version);
        var bytes = new byte[33 + text.Length + 16];
        "\u00ff"u8[1..].CopyTo(bytes);
        bytes[0] = 0xff;
        " Go buildinf:"u8.CopyTo(bytes.AsSpan(1));
        bytes[14] = 8;
        bytes[15] = 2;
        bytes[32] = (byte)text.Length;
        text.CopyTo(bytes, 33);
        return bytes;
    }

    /// <summary>The smallest ELF with these sections: header, contents, names, section table.</summary>
    private static byte[] Elf(params (string Name, byte[] Content)[] sections)
    {
        var file = new List<byte>(new byte[64]);
        var headers = new List<byte[]> { new byte[64] };
        var names = new List<byte> { 0 };
        foreach (var (name, content) in sections.Append((".shstrtab", [])))
        {
            var header = new byte[64];
            BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)names.Count);
            names.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
            var bytes = name == ".shstrtab" ? [.. names] : content;
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), 1);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), (ulong)file.Count);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), (ulong)bytes.Length);
            file.AddRange(bytes);
            headers.Add(header);
        }

        var all = file.Concat(headers.SelectMany(header => header)).ToArray();
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(all);
        BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan(40), (ulong)file.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(all.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(all.AsSpan(60), (ushort)headers.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(all.AsSpan(62), (ushort)(headers.Count - 1));
        return all;
    }

    private static ElfFacts Read(byte[] bytes) => Open(bytes, ElfFacts.Read) ?? ElfFacts.None;

    private delegate T Reader<T>(ElfFile file);

    private static T? Open<T>(byte[] bytes, Reader<T> read)
    {
        using var host = new FakeHost().With("proc/1/exe", bytes);
        var descriptor = host.Proc.Open(1, "exe"u8);
        try
        {
            return ElfFile.TryOpen(descriptor, new byte[68 * 1024], out var file) ? read(file) : default;
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }
}
