using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gantry.Hub.Access;

/// <summary>
/// Tokens: a prefix that says what it is, so that a leaked one is found and named, and 256 random bits. Only their SHA-256 is kept. A slow hash is for
/// what people choose; nobody guesses these.
/// </summary>
internal static class TokenText
{
    private const int SecretBytes = 32;

    /// <summary>Longer ones are not looked at.</summary>
    public const int Longest = 256;

    public static string New(Role role, bool isSession = false)
    {
        var prefix = isSession ? "gts_" : role switch { Role.Agent => "gta_", Role.Gateway => "gtg_", Role.Enrolment => "gte_", _ => "gto_" };
        return prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
    }

    public static TokenHash Hash(string token) => new(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>A name for lists and logs, unrelated to the token: twelve characters.</summary>
    public static string NewId() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 12);
}
