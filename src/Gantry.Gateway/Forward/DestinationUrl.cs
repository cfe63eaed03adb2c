using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward;

/// <summary>
/// A destination as people write it: <c>grpc://host:4317?compression=zstd&amp;name=tempo</c>. Schemes: http, https (OTLP/HTTP), grpc, grpcs (OTLP/gRPC,
/// port 4317 when none is said). The query is ours, all of it: a setting that is not known is an error, as a mistyped one would be silence.
/// </summary>
public static class DestinationUrl
{
    private const int GrpcPort = 4317;
    private const string Keys = "compression, name, required, signals, header, timeout, spool, spool-age, spool-folder";

    /// <summary>For help texts.</summary>
    public const string Example = "http://127.0.0.1:5318 or grpc://127.0.0.1:5317?compression=gzip";

    /// <param name="problem">Names the setting, its value and what is accepted.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out DestinationOptions? options, [NotNullWhen(false)] out string? problem)
    {
        options = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https" or "grpc" or "grpcs") || url.Host.Length == 0)
        {
            // Not the text itself behind a '?': somebody may have put a secret there.
            problem = $"'{text.Split('?')[0]}': expected {Example}";
            return false;
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            problem = $"'{url.Scheme}://{url.Authority}': no user, password or # in the address; put credentials into a variable and add header=Authorization:env:VARIABLE";
            return false;
        }

        var grpc = url.Scheme is "grpc" or "grpcs";
        if (grpc && url.AbsolutePath.Trim('/').Length > 0)
        {
            problem = $"'{url.AbsolutePath}': an address of OTLP/gRPC has no path; use {url.Scheme}://{url.Authority}";
            return false;
        }

        var settings = new Settings
        {
            Options = new DestinationOptions
            {
                Endpoint = new UriBuilder(url.Scheme is "https" or "grpcs" ? "https" : "http", url.Host, grpc && url.Port < 0 ? GrpcPort : url.Port, url.AbsolutePath).Uri,
                Protocol = grpc ? DestinationProtocol.Grpc : DestinationProtocol.Http,
            },
        };
        var seen = new HashSet<string>();
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var split = pair.Split('=', 2);
            var (key, value) = (split[0], split.Length == 2 ? Uri.UnescapeDataString(split[1]) : "");
            problem = !seen.Add(key) && key != "header" ? $"{key}: given twice; say it once" : settings.Take(key, value);
            if (problem is not null)
            {
                return false;
            }
        }

        return settings.TryFinish(out options, out problem);
    }

    private sealed class Settings
    {
        private long? _spoolBytes;
        private TimeSpan? _spoolAge;
        private string? _spoolFolder;

        public required DestinationOptions Options { get; set; }

        /// <returns>What is wrong with it, or null.</returns>
        public string? Take(string key, string value)
        {
            switch (key)
            {
                case "compression":
                    return Choose(value, out DestinationCompression compression) ? Set(Options with { Compression = compression }) : Wrong(key, value, "none, gzip or zstd");
                case "name":
                    return value.Length > 0 ? Set(Options with { Name = value }) : Wrong(key, value, "a name");
                case "required":
                    return bool.TryParse(value, out var required) ? Set(Options with { Required = required }) : Wrong(key, value, "true or false");
                case "signals":
                    return ReadSignals(value) is { } signals ? Set(Options with { Signals = signals }) : Wrong(key, value, "a list such as traces,metrics,logs,profiles");
                case "header":
                    return ReadHeader(value) is { } header ? Set(Options with { Headers = [.. Options.Headers, header] })
                        : $"header '{value.Split(':')[0]}': expected NAME:env:VARIABLE or NAME:file:PATH; a value itself would show in lists of processes";
                case "timeout":
                    return ReadTime(value) is { } timeout ? Set(Options with { Timeout = timeout }) : Wrong(key, value, "a time such as 500ms or 10s");
                case "spool":
                    return (_spoolBytes = ReadBytes(value)) is not null ? null : Wrong(key, value, "a size such as 512MiB or 20GiB");
                case "spool-age":
                    return (_spoolAge = ReadTime(value)) is not null ? null : Wrong(key, value, "a time such as 90m, 24h or 7d");
                case "spool-folder":
                    return (_spoolFolder = value).Length > 0 ? null : Wrong(key, value, "a folder");
                default:
                    return $"'{key}' is no setting of a destination; there are: {Keys}";
            }
        }

        public bool TryFinish([NotNullWhen(true)] out DestinationOptions? options, [NotNullWhen(false)] out string? problem)
        {
            options = null;
            problem = _spoolBytes is null && (_spoolAge is not null || _spoolFolder is not null) ? "spool-age and spool-folder need spool=SIZE, such as spool=1GiB" : null;
            if (problem is null)
            {
                options = _spoolBytes is not { } bytes ? Options
                    : Options with { Spool = new SpoolOptions { Folder = _spoolFolder ?? "", MaxBytes = bytes, MaxAge = _spoolAge } };
            }

            return options is not null;
        }

        private string? Set(DestinationOptions options)
        {
            Options = options;
            return null;
        }

        private static string Wrong(string key, string value, string expected) => $"{key} '{value}': expected {expected}";
    }

    /// <summary>By name only: Enum.TryParse alone takes numbers and sums of names too.</summary>
    private static bool Choose<T>(string text, out T value)
        where T : struct, Enum => Enum.TryParse(text, ignoreCase: true, out value) && string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase);

    private static List<Signal>? ReadSignals(string text)
    {
        var signals = new List<Signal>();
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Choose(name, out Signal signal))
            {
                return null;
            }

            signals.Add(signal);
        }

        return signals;
    }

    private static DestinationHeader? ReadHeader(string text) => text.Split(':', 3) switch
    {
        [var name, "env", { Length: > 0 } variable] => new DestinationHeader(name, HeaderPlace.Variable, variable),
        [var name, "file", { Length: > 0 } path] => new DestinationHeader(name, HeaderPlace.File, path),
        _ => null,
    };

    private static TimeSpan? ReadTime(string text) => Number(text, out var unit) is not { } number ? null : unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(number),
        "s" => TimeSpan.FromSeconds(number),
        "m" => TimeSpan.FromMinutes(number),
        "h" => TimeSpan.FromHours(number),
        "d" => TimeSpan.FromDays(number),
        _ => null,
    };

    private static long? ReadBytes(string text) => Number(text, out var unit) is not { } number ? null : unit switch
    {
        "KiB" => number << 10,
        "MiB" => number << 20,
        "GiB" => number << 30,
        "TiB" => number << 40,
        _ => null,
    };

    /// <summary>Up to six digits, so that no unit overflows, and the unit behind them.</summary>
    private static long? Number(string text, out string unit)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        unit = text[digits..];
        return digits is >= 1 and <= 6 ? long.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture) : null;
    }
}
