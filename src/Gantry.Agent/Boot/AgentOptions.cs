using System.Globalization;

namespace Gantry.Agent;

/// <summary>Settings of the host agent. All have defaults that fit <c>gantry up</c> on the same machine.</summary>
public sealed record AgentOptions
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(5);

    /// <summary>Base address of the hub, http or https; /v1/opamp is added. Empty: the agent speaks to no hub.</summary>
    public string Hub { get; init; } = "http://127.0.0.1:4320";

    /// <summary>Base address of an OTLP/HTTP receiver; /v1/metrics is added. Empty: the agent sends no metrics.</summary>
    public string Gateway { get; init; } = "http://127.0.0.1:4318";

    /// <summary>Between two samples; default 10 s, 1 s to 5 min. The first is taken at once, a second after 2 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Folder in which the agent keeps its identity; made when missing. When it cannot be used the agent works, and seems to be another
    /// after a restart. Default: /var/lib/gantry-agent for root, else gantry-agent in the user's state folder.
    /// </summary>
    public string StateFolder { get; init; } = DefaultStateFolder();

    /// <summary>What the agent shows to the hub: a token of its own, or an enrolment token, which it exchanges for one. Default: none.</summary>
    public string? Token { get; init; }

    /// <summary>File with that token, read for each connection; takes the place of <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The host's own word on what the agent may do to it; without the file it may only look. Default /etc/gantry/guard.conf. <see cref="Boot.Guard"/> has its form.</summary>
    public string GuardFile { get; init; } = "/etc/gantry/guard.conf";

    /// <summary>Takes the place of <see cref="GuardFile"/>, for an agent inside another program.</summary>
    public Boot.Guard? Guard { get; init; }

    /// <summary>The obi program; it is run where a plan asks for it and the guard file has <c>allow run</c> for it. Default /usr/bin/obi.</summary>
    public string Obi { get; init; } = "/usr/bin/obi";

    /// <summary>Where the host's /proc is; another in a container that has it mounted elsewhere.</summary>
    public string ProcRoot { get; init; } = "/proc";

    /// <summary>Where the host's /sys is.</summary>
    public string SysRoot { get; init; } = "/sys";

    /// <summary>Where the host's /etc is: machine-id, os-release, passwd.</summary>
    public string EtcRoot { get; init; } = "/etc";

    /// <summary>Everything that is wrong, each with the setting, its value and what it may be; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        CheckAddress(problems, "hub", Hub);
        CheckAddress(problems, "gateway", Gateway);
        if (Interval < ShortestInterval || Interval > LongestInterval)
        {
            problems.Add($"interval is '{Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s'; it may be 1s to 5m.");
        }

        if (TokenFile is not null && !File.Exists(TokenFile))
        {
            problems.Add($"token-file is '{TokenFile}', which is no file; it must be one with the token in it.");
        }

        CheckFolder(problems, "state", StateFolder, mustExist: false);
        CheckFolder(problems, "proc", ProcRoot, mustExist: true);
        CheckFolder(problems, "sys", SysRoot, mustExist: true);
        CheckFolder(problems, "etc", EtcRoot, mustExist: true);
        return problems;
    }

    private static void CheckAddress(List<string> problems, string key, string value)
    {
        var isGood = value.Length == 0
            || (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.UserInfo.Length == 0);
        if (!isGood)
        {
            problems.Add($"{key} is '{value}'; it must be an address such as http://127.0.0.1:4320, http or https, without user or query, or off.");
        }
    }

    private static void CheckFolder(List<string> problems, string key, string value, bool mustExist)
    {
        if (!Path.IsPathRooted(value))
        {
            problems.Add($"{key} is '{value}'; it must be a folder's path from the root, such as /var/lib/gantry-agent.");
        }
        else if (mustExist && !Directory.Exists(value))
        {
            problems.Add($"{key} is '{value}', which is no folder; it must be where the host's /{key} is.");
        }
    }

    private static string DefaultStateFolder()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return "/var/lib/gantry-agent";
        }

        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return Path.IsPathRooted(state)
            ? Path.Combine(state, "gantry-agent")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/state/gantry-agent");
    }
}
