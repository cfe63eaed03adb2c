using System.Text;

namespace Gantry.Hub.FleetManagement.Callers;

/// <summary>What a caller shows. Never printed: the types here have no text of their own.</summary>
internal abstract class CallerCredential
{
    private const int Longest = 16 * 1024;

    /// <summary>Reads an Authorization header; "" and a missing one are no credential.</summary>
    public static CallerCredential Read(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return new NoCredential();
        }

        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || header.Length > Longest)
        {
            return new UnreadableCredential();
        }

        var (scheme, value) = (header[..space], header[(space + 1)..].Trim());
        return scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && value.Length > 0 ? new BearerCredential(value)
            : scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? ReadBasic(value)
            : new UnreadableCredential();
    }

    private static CallerCredential ReadBasic(string value)
    {
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, bytes, out var count))
        {
            return new UnreadableCredential();
        }

        var text = Encoding.UTF8.GetString(bytes, 0, count);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new UnreadableCredential() : new BasicCredential(text[..colon], text[(colon + 1)..]);
    }
}

internal sealed class NoCredential : CallerCredential;

/// <summary>There is one, and it is neither Basic nor Bearer, or damaged.</summary>
internal sealed class UnreadableCredential : CallerCredential;

/// <summary>Fleet Management's own way: the user is a number that means nothing here, the password is a token.</summary>
internal sealed class BasicCredential(string user, string password) : CallerCredential
{
    public string User { get; } = user;

    public string Password { get; } = password;
}

internal sealed class BearerCredential(string token) : CallerCredential
{
    public string Token { get; } = token;
}
