using System.IO.Compression;
using Gantry.Gateway.Compression;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>Compressed bytes, by the name that clients give the compression.</summary>
internal static class Pack
{
    /// <param name="name">gzip, deflate (zlib), raw-deflate, zstd.</param>
    public static byte[] With(string name, byte[] bytes)
    {
        if (name == "zstd")
        {
            var target = new byte[Zstd.CompressBound(bytes.Length)];
            return target[..Zstd.Compress(bytes, target, 3)];
        }

        using var buffer = new MemoryStream();
        using (Stream stream = name switch
        {
            "gzip" => new GZipStream(buffer, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(buffer, CompressionLevel.Fastest),
            _ => new DeflateStream(buffer, CompressionLevel.Fastest),
        })
        {
            stream.Write(bytes);
        }

        return buffer.ToArray();
    }
}
