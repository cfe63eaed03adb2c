using System.Text;
using Gantry.Estate.Instrumentation;

namespace Gantry.Agent.Processes;

/// <summary>
/// What a process declares about itself in the environment it was started with: OTEL_SERVICE_NAME, and service.name and service.namespace of
/// OTEL_RESOURCE_ATTRIBUTES ("key=value,key=value", values percent-encoded). Environments hold secrets: nothing else is looked at.
/// </summary>
internal readonly record struct StartEnvironment(string Service, string Namespace)
{
    /// <summary>The name that Gantry gave it in the place of its own (<see cref="KnownDistros.DeclaredVariable"/>); "" where it has its own.</summary>
    public string Given { get; init; } = "";

    /// <summary>Longer names are no names.</summary>
    private const int LongestName = 256;

    /// <param name="text">/proc/PID/environ: "KEY=value", each behind it a zero byte.</param>
    public static StartEnvironment Parse(ReadOnlySpan<byte> text)
    {
        var service = "";
        string? declared = null;
        var attributes = default(StartEnvironment);
        foreach (var range in text.Split((byte)0))
        {
            var entry = text[range];
            if (entry.StartsWith("OTEL_SERVICE_NAME="u8))
            {
                service = Text(entry[18..]);
            }
            else if (entry.StartsWith("OTEL_RESOURCE_ATTRIBUTES="u8))
            {
                attributes = ParseAttributes(entry[25..]);
            }
            else if (entry.StartsWith("GANTRY_DECLARED_SERVICE="u8))
            {
                declared = Text(entry[24..]);
            }
        }

        // OTEL_SERVICE_NAME wins over the attribute (specification, "SDK environment variables").
        var effective = service.Length > 0 ? service : attributes.Service ?? "";
        return new StartEnvironment(declared ?? effective, attributes.Namespace ?? "") { Given = declared is null || declared == effective ? "" : effective };
    }

    /// <summary>The value of one variable, in place; empty when it is not set.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        foreach (var range in text.Split((byte)0))
        {
            var entry = text[range];
            if (entry.Length > name.Length && entry[name.Length] == (byte)'=' && entry.StartsWith(name))
            {
                return entry[(name.Length + 1)..];
            }
        }

        return default;
    }

    private static StartEnvironment ParseAttributes(ReadOnlySpan<byte> list)
    {
        var service = "";
        var space = "";
        foreach (var range in list.Split((byte)','))
        {
            var pair = list[range];
            var equals = pair.IndexOf((byte)'=');
            if (equals < 0)
            {
                continue;
            }

            var key = pair[..equals].Trim((byte)' ');
            if (key.SequenceEqual("service.name"u8))
            {
                service = Decode(pair[(equals + 1)..]);
            }
            else if (key.SequenceEqual("service.namespace"u8))
            {
                space = Decode(pair[(equals + 1)..]);
            }
        }

        return new StartEnvironment(service, space);
    }

    private static string Decode(ReadOnlySpan<byte> value) => Clean(Uri.UnescapeDataString(Text(value)));

    private static string Text(ReadOnlySpan<byte> value) =>
        value.Length > LongestName ? "" : Clean(Encoding.UTF8.GetString(value.Trim("\" \t"u8)));

    /// <summary>Control characters have no place in a name.</summary>
    private static string Clean(string value) => value.Any(char.IsControl) ? "" : value;
}
