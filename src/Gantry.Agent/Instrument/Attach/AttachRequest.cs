using System.Globalization;
using Gantry.Agent.Boot;

namespace Gantry.Agent.Instrument.Attach;

/// <summary>What <c>gantry-agent attach</c> was asked for.</summary>
/// <param name="Time">How long; null: until Ctrl-C.</param>
internal sealed record AttachRequest(int Pid, TimeSpan? Time, string Service, Uri Gateway, bool Traces, string Proc)
{
    public static AttachRequest Parse(IReadOnlyList<string> arguments, List<string> problems)
    {
        var request = new AttachRequest(0, null, "", new Uri("http://127.0.0.1:4318"), Traces: true, "/proc");
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            if (parts[0] == "--metrics-only")
            {
                request = request with { Traces = false };
            }
            else if (!parts[0].StartsWith('-'))
            {
                request = request with { Pid = ParsePid(arguments[i], problems) };
            }
            else if (parts.Length == 2 || i + 1 < arguments.Count)
            {
                request = request.Set(parts[0], parts.Length == 2 ? parts[1] : arguments[++i], problems);
            }
            else
            {
                problems.Add($"{parts[0]} needs a value, or is no option; gantry-agent attach --help lists them.");
            }
        }

        if (request.Pid == 0 && problems.Count == 0)
        {
            problems.Add("whose? Give a process id: gantry-agent attach PID.");
        }

        return request;
    }

    private AttachRequest Set(string key, string value, List<string> problems)
    {
        switch (key)
        {
            case "--for" when CommandLine.TryParseTime(value, out var time) && time > TimeSpan.Zero:
                return this with { Time = time };
            case "--service" when value.Length is > 0 and <= 256:
                return this with { Service = value };
            case "--gateway" when Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0:
                return this with { Gateway = uri };
            case "--proc" when Directory.Exists(value):
                return this with { Proc = value.TrimEnd('/') };
            case "--for" or "--service" or "--gateway" or "--proc":
                problems.Add($"{key} is '{value}'; expected {Expected(key)}.");
                return this;
            default:
                problems.Add($"'{key}' is no option; gantry-agent attach --help lists them.");
                return this;
        }
    }

    private static string Expected(string key) => key switch
    {
        "--for" => "a time such as 30s",
        "--service" => "a name of 1 to 256 characters",
        "--gateway" => "an address such as http://127.0.0.1:4318, http or https, without user",
        _ => "a folder that is there",
    };

    private static int ParsePid(string text, List<string> problems)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
        {
            return pid;
        }

        problems.Add($"'{text}' is no process id; expected a number such as 4711.");
        return 0;
    }
}
