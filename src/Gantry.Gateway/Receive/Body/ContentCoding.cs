using Gantry.Gateway.Compression;

namespace Gantry.Gateway.Receive.Body;

/// <summary>How a body is compressed.</summary>
internal enum ContentCoding
{
    Identity,
    Gzip,

    /// <summary>HTTP and gRPC mean zlib's wrapping by it (RFC 9110, 8.4.1.2); clients that send bare deflate are read too.</summary>
    Deflate,
    Zstd,

    /// <summary>zstd, on a machine without libzstd.</summary>
    ZstdMissing,
    Unknown,
}

/// <summary>Names of compressions, as Content-Encoding and grpc-encoding spell them.</summary>
internal static class ContentCodings
{
    private const string WithoutZstd = "gzip, deflate or none";

    /// <summary>For people.</summary>
    public static string Accepted(bool zstd) => zstd ? "gzip, deflate, zstd or none" : WithoutZstd;

    /// <summary>For the header grpc-accept-encoding.</summary>
    public static string GrpcAccepted(bool zstd) => zstd ? "identity,gzip,deflate,zstd" : "identity,gzip,deflate";

    /// <param name="name">In any case; empty: none.</param>
    public static ContentCoding Parse(string? name, bool zstd)
    {
        if (string.IsNullOrEmpty(name) || Is(name, "identity"))
        {
            return ContentCoding.Identity;
        }

        if (Is(name, "gzip") || Is(name, "x-gzip"))
        {
            return ContentCoding.Gzip;
        }

        if (Is(name, "zstd"))
        {
            return zstd ? ContentCoding.Zstd : ContentCoding.ZstdMissing;
        }

        return Is(name, "deflate") ? ContentCoding.Deflate : ContentCoding.Unknown;
    }

    /// <summary>What to tell a client whose compression we cannot read.</summary>
    /// <param name="header">Where it said so.</param>
    public static string Refuse(ContentCoding coding, string header, string name, bool zstd) => coding == ContentCoding.ZstdMissing
        ? $"{header} \"{name}\": {Zstd.Missing}, or send {WithoutZstd}"
        : $"{header} \"{name}\": send {Accepted(zstd)}";

    private static bool Is(string name, string expected) => string.Equals(name, expected, StringComparison.OrdinalIgnoreCase);
}
