using System.Text;
using Gantry.Agent.Host;
using Gantry.Estate.Sampling;

namespace Gantry.Agent.Boot;

/// <summary>What the hub may ask of an agent that touches its host.</summary>
public enum GuardedAction
{
    /// <summary>Open sessions with .NET runtimes over their diagnostic ports. Subject: path of the executable.</summary>
    Attach,

    /// <summary>Write the injector's files, and the line in ld.so.preload. Subject: none.</summary>
    Injector,

    /// <summary>Write systemd drop-ins. Subject: the unit.</summary>
    Unit,

    /// <summary>Restart a systemd unit. Subject: the unit.</summary>
    Restart,

    /// <summary>Start a program as a child. Subject: its path.</summary>
    Run,
}

/// <summary>
/// The host's own word on what its agent may do, whatever a hub asks for. A file of lines <c>allow ACTION [PATTERN]</c>, '#' begins a comment:
/// <code>
/// allow attach                   # any .NET process
/// allow unit shop-*.service
/// allow restart shop-*.service
/// allow injector
/// allow run /usr/bin/obi
/// </code>
/// What no line allows is forbidden; without a file, everything is.
/// </summary>
public sealed class Guard
{
    private const int LongestFile = 64 * 1024;

    /// <summary>Forbids everything.</summary>
    public static readonly Guard Closed = new([]);

    private static readonly (string Word, GuardedAction Action)[] Words =
    [
        ("attach", GuardedAction.Attach), ("injector", GuardedAction.Injector), ("unit", GuardedAction.Unit), ("restart", GuardedAction.Restart), ("run", GuardedAction.Run),
    ];

    private readonly IReadOnlyList<(GuardedAction Action, string Pattern)> _allowed;

    private Guard(IReadOnlyList<(GuardedAction Action, string Pattern)> allowed) => _allowed = allowed;

    /// <summary>Allows these, with any subject: for an agent that somebody started by hand to do just that.</summary>
    public static Guard Allowing(params ReadOnlySpan<GuardedAction> actions)
    {
        var allowed = new List<(GuardedAction, string)>();
        foreach (var action in actions)
        {
            allowed.Add((action, "*"));
        }

        return new Guard(allowed);
    }

    /// <returns>Null when a line is wrong, with every problem, each with its line and the fix. One wrong line forbids everything: a guard that is half
    /// understood guards nothing.</returns>
    public static Guard? Parse(string text, out IReadOnlyList<string> problems)
    {
        var wrong = new List<string>();
        var allowed = new List<(GuardedAction, string)>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            var action = words.Length > 1 ? Array.Find(Words, known => known.Word == words[1]) : default;
            if (words[0] != "allow" || words.Length is < 2 or > 3 || action.Word is null)
            {
                wrong.Add($"line {number} is '{line.Trim()}'; expected 'allow {string.Join('|', Words.Select(known => known.Word))} [pattern]'");
                continue;
            }

            allowed.Add((action.Action, words.Length == 3 ? words[2] : "*"));
        }

        problems = wrong;
        return wrong.Count == 0 ? new Guard(allowed) : null;
    }

    /// <summary>Reads the file; <see cref="Closed"/> where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is not one that only root (or the agent's own user) can write, or a line is wrong.</exception>
    public static Guard Read(string path)
    {
        if (!File.Exists(path))
        {
            return Closed;
        }

        if (Libc.TryStat(Encoding.UTF8.GetBytes(path + "\0"), out var status) && status.User != 0 && status.User != Libc.EffectiveUser())
        {
            throw new InvalidDataException($"guard file {path} belongs to user {status.User}; it must be root's or the agent's own: chown root {path}");
        }

        var others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & others) != UnixFileMode.None)
        {
            throw new InvalidDataException($"guard file {path} can be written by others than its owner; chmod go-w {path}");
        }

        if (new FileInfo(path).Length > LongestFile)
        {
            throw new InvalidDataException($"guard file {path} is longer than {LongestFile} bytes");
        }

        return Parse(File.ReadAllText(path), out var problems) ?? throw new InvalidDataException($"guard file {path}: {string.Join("; ", problems)}");
    }

    /// <param name="subject">What it is to be done with; "" where the action has none.</param>
    public bool Allows(GuardedAction action, string subject = "")
    {
        foreach (var (allowed, pattern) in _allowed)
        {
            if (allowed == action && Glob.Matches(pattern, subject))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of the lines for an action.</summary>
    public IReadOnlyList<string> PatternsOf(GuardedAction action) => [.. _allowed.Where(allowed => allowed.Action == action).Select(allowed => allowed.Pattern)];

    /// <summary>Some line allows the action with some subject.</summary>
    public bool AllowsAny(GuardedAction action) => _allowed.Any(allowed => allowed.Action == action);

    /// <summary>The line that would allow it, for a person: "allow restart shop.service".</summary>
    public static string LineFor(GuardedAction action, string subject = "") =>
        $"allow {Array.Find(Words, known => known.Action == action).Word} {subject}".TrimEnd();
}
