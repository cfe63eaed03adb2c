using System.CommandLine;
using System.Globalization;

namespace Gantry.Cli.Verbs;

/// <summary>Options that are a number of bytes: "1048576", "512KiB", "64MiB", "2GiB".</summary>
internal static class ByteSizeOption
{
    private static readonly (string Suffix, long Bytes)[] Units = [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30)];

    public static Option<long> Create(string name, string description, long standard, long least, long most) => new(name)
    {
        Description = $"{description} [default: {Show(standard)}]",
        HelpName = "SIZE",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Parse(text) is { } bytes && bytes >= least && bytes <= most)
            {
                return bytes;
            }

            result.AddError($"{name} '{text}': expected {Show(least)} to {Show(most)}");
            return standard;
        },
    };

    /// <returns>Null when it is no size, or none that fits.</returns>
    internal static long? Parse(string text)
    {
        foreach (var (suffix, bytes) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return Whole(text[..^suffix.Length]) is { } count && count <= long.MaxValue / bytes ? count * bytes : null;
            }
        }

        return Whole(text);
    }

    internal static string Show(long bytes)
    {
        var (suffix, unit) = Units.LastOrDefault(item => bytes >= item.Bytes && bytes % item.Bytes == 0, ("", 1));
        return $"{bytes / unit}{suffix}";
    }

    private static long? Whole(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
