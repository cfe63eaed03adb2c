using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gantry.Hub.Access;

/// <summary>SHA-256 of a token or a certificate, within the object that has it: one a credential, and there is a credential for each agent.</summary>
internal readonly record struct TokenHash
{
    private const int Bytes = 32;

    private readonly UInt128 _first;
    private readonly UInt128 _second;

    /// <param name="hash">32 bytes.</param>
    public TokenHash(ReadOnlySpan<byte> hash) => (_first, _second) = (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));

    /// <summary>A token never has a NUL in it, so that no token can stand for a certificate.</summary>
    public static TokenHash OfCertificate(ReadOnlySpan<byte> der) => new(SHA256.HashData([.. "certificate\0"u8, .. der]));

    /// <summary>64 hexadecimal digits, as rows have it.</summary>
    public static TokenHash Parse(string hex) => new(Convert.FromHexString(hex));

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>In a time that tells nothing of the difference.</summary>
    public bool FixedTimeEquals(TokenHash other)
    {
        Span<byte> mine = stackalloc byte[Bytes], theirs = stackalloc byte[Bytes];
        Write(mine);
        other.Write(theirs);
        return CryptographicOperations.FixedTimeEquals(mine, theirs);
    }

    private void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt128BigEndian(target, _first);
        BinaryPrimitives.WriteUInt128BigEndian(target[16..], _second);
    }
}
