using System.Diagnostics;
using Gantry.Gateway.Compression;

namespace Gantry.Gateway.Tests.Compression;

/// <summary>The binding against itself and, where it is installed, against the program <c>zstd</c>.</summary>
public class ZstdTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public void What_is_compressed_is_read_back_in_pieces_of_any_size(int length)
    {
        Assert.SkipUnless(Zstd.IsAvailable, "no libzstd here");
        var bytes = Sample(length);
        var target = new byte[Zstd.CompressBound(length)];
        var packed = target.AsSpan(0, Zstd.Compress(bytes, target, 1));

        Assert.Equal(bytes, Inflate(packed, piece: packed.Length, room: length + 1));
        Assert.Equal(bytes, Inflate(packed, piece: 1000, room: 4096));
    }

    [Fact]
    public void A_target_that_is_too_short_is_refused()
    {
        Assert.SkipUnless(Zstd.IsAvailable, "no libzstd here");

        Assert.Throws<ArgumentException>(() => Zstd.Compress(Sample(10_000), new byte[10], 1));
    }

    [Fact]
    public void Frames_that_want_a_window_above_8_MiB_are_refused()
    {
        Assert.SkipUnless(Zstd.IsAvailable, "no libzstd here");
        // Magic, a descriptor without content size, a window of 2^(10 + 14) bytes, and an empty last block.
        byte[] wide = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 14 << 3, 0x01, 0x00, 0x00];
        byte[] fits = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 13 << 3, 0x01, 0x00, 0x00];
        using var decoder = ZstdDecoder.Rent();

        Assert.True(decoder.TryDecode(fits, new byte[10], out _, out _));
        Assert.True(decoder.AtFrameEnd);
        Assert.False(decoder.TryDecode(wide, new byte[10], out _, out _));
    }

    [Fact]
    public async Task The_zstd_program_and_we_read_each_other()
    {
        Assert.SkipUnless(Zstd.IsAvailable && File.Exists("/usr/bin/zstd"), "no zstd here");
        var bytes = Sample(500_000);
        var target = new byte[Zstd.CompressBound(bytes.Length)];
        var packed = target[..Zstd.Compress(bytes, target, 3)];

        Assert.Equal(bytes, await PipeAsync("-d -c", packed));
        Assert.Equal(bytes, Inflate(await PipeAsync("-19 -c", bytes), piece: 7000, room: 64 * 1024));
    }

    private static byte[] Sample(int length)
    {
        var random = new Random(length);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(i % 97 == 0 ? random.Next(256) : i % 13);
        }

        return bytes;
    }

    private static byte[] Inflate(ReadOnlySpan<byte> packed, int piece, int room)
    {
        using var decoder = ZstdDecoder.Rent();
        using var result = new MemoryStream();
        var target = new byte[room];
        int written;
        do
        {
            Assert.True(decoder.TryDecode(packed[..Math.Min(piece, packed.Length)], target, out var consumed, out written));
            packed = packed[consumed..];
            result.Write(target, 0, written);
        }
        while (!packed.IsEmpty || written == room);

        Assert.True(decoder.AtFrameEnd);
        return result.ToArray();
    }

    private static async Task<byte[]> PipeAsync(string arguments, byte[] input)
    {
        using var zstd = Process.Start(new ProcessStartInfo("/usr/bin/zstd", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var result = new MemoryStream();
        var read = zstd.StandardOutput.BaseStream.CopyToAsync(result);
        await zstd.StandardInput.BaseStream.WriteAsync(input);
        zstd.StandardInput.Close();
        await read;
        await zstd.WaitForExitAsync();
        return result.ToArray();
    }
}
