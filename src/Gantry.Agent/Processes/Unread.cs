namespace Gantry.Agent.Processes;

/// <summary>What of a process the agent had no right to read.</summary>
[Flags]
internal enum Unread
{
    None = 0,
    Executable = 1,
    Maps = 2,
    Namespace = 4,
    Environment = 8,
    Auxiliary = 16,
    Descriptors = 32,
}

internal static class UnreadText
{
    /// <summary>In words, with the right that each needs: proc(5), PTRACE_MODE_READ; environ, auxv and fd are also closed to other users by their mode.</summary>
    public static string Describe(this Unread unread)
    {
        var traced = Names(
            unread, (Unread.Executable, "executable"), (Unread.Maps, "memory map"), (Unread.Namespace, "network namespace"));
        var closed = Names(
            unread, (Unread.Environment, "environment"), (Unread.Auxiliary, "auxiliary vector"), (Unread.Descriptors, "open files"));
        var parts = new List<string>(2);
        if (traced.Length > 0)
        {
            parts.Add($"{traced}: root or CAP_SYS_PTRACE");
        }

        if (closed.Length > 0)
        {
            parts.Add($"{closed}: root, or CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH");
        }

        return parts.Count == 0 ? "" : $"not read for want of a right: {string.Join("; ", parts)}";
    }

    private static string Names(Unread unread, params ReadOnlySpan<(Unread Flag, string Name)> all)
    {
        var names = new List<string>(3);
        foreach (var (flag, name) in all)
        {
            if ((unread & flag) != Unread.None)
            {
                names.Add(name);
            }
        }

        return string.Join(", ", names);
    }
}
