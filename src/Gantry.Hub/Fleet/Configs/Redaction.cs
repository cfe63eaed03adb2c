using System.Text;
using System.Text.Unicode;

namespace Gantry.Hub.Fleet.Configs;

/// <summary>A file of a configuration as bytes, without its secrets.</summary>
internal static class Redaction
{
    public static byte[] Redact(ReadOnlyMemory<byte> body, string contentType) => Utf8.IsValid(body.Span)
        ? Encoding.UTF8.GetBytes(Secrets.Redaction.Of(Encoding.UTF8.GetString(body.Span), contentType))
        : Encoding.UTF8.GetBytes($"# Not kept: {body.Length} bytes that are no text.\n");
}
