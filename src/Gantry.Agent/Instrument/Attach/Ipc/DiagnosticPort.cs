using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument.Attach.Ipc;

/// <summary>
/// Where a running .NET process can be spoken to: the socket {tmp}/dotnet-diagnostic-{pid}-{key}-socket, in the process's own file system and with the pid
/// that it sees itself. The key is its start in clock ticks, so a socket that an earlier process of the same pid left behind has another.
/// </summary>
internal static class DiagnosticPort
{
    private const string Suffix = "-socket";

    /// <summary>Environments are read up to here; a TMPDIR that stands behind is not found.</summary>
    private const int MostEnvironment = 128 * 1024;

    /// <summary>The kernel's limit for the path of a socket, with its zero byte.</summary>
    private const int LongestPath = 108;

    /// <param name="proc">Not shared with another thread.</param>
    /// <exception cref="AttachException">The process is gone or another, has no port, or it cannot be seen.</exception>
    public static string Find(ProcFiles proc, ProcessFact process, ulong bootUnixNano)
    {
        var pid = (int)process.Pid;
        var ticks = StartTicks(proc, pid);
        if (bootUnixNano + (ticks * 10_000_000) != process.StartUnixNano)
        {
            throw new AttachException(InstrumentationReasons.Failed, $"process {pid} is another by now: its pid was reused");
        }

        var inner = process.ContainerPid > 0 ? process.ContainerPid : process.Pid;
        var prefix = string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{inner}-");
        foreach (var folder in Folders(proc, pid))
        {
            if (Choose(folder, prefix, ticks, mayDiffer: process.ContainerPid > 0) is { } path)
            {
                return Encoding.UTF8.GetByteCount(path) < LongestPath
                    ? path
                    : throw new AttachException(InstrumentationReasons.Failed, $"the path of its diagnostic port is longer than {LongestPath - 1} bytes; a shorter TMPDIR would help");
            }
        }

        throw new AttachException(
            InstrumentationReasons.Failed,
            $"process {pid} has no diagnostic port (no {prefix}*{Suffix} in its temporary folder); it may have been started with DOTNET_EnableDiagnostics=0");
    }

    /// <summary>0 for a process that is gone.</summary>
    public static ulong StartTicks(ProcFiles proc, int pid) =>
        proc.TryRead(pid, "stat"u8, out var text, 4096) == FileOutcome.Ok && StatLine.TryParse(text, out var stat) ? stat.StartTicks : 0;

    private static IEnumerable<string> Folders(ProcFiles proc, int pid)
    {
        var root = $"{proc.Root}/{pid}/root";
        var own = TemporaryFolder(proc, pid);
        if (own.StartsWith('/') && !own.Contains("/..", StringComparison.Ordinal))
        {
            yield return root + own.TrimEnd('/');
        }

        yield return root + "/tmp";
    }

    private static string TemporaryFolder(ProcFiles proc, int pid)
    {
        var folder = "";
        if (proc.TryRead(pid, "environ"u8, out var text, MostEnvironment) == FileOutcome.Ok)
        {
            foreach (var range in text.Split((byte)0))
            {
                if (text[range].StartsWith("TMPDIR="u8))
                {
                    folder = Encoding.UTF8.GetString(text[range][7..]);
                }
            }
        }

        proc.Forget();
        return folder;
    }

    /// <summary>The one whose key is the process's start: a process that was killed leaves its socket behind, and pids come again.</summary>
    /// <param name="mayDiffer">A container may count its ticks from elsewhere (time namespaces): then it is the newest.</param>
    private static string? Choose(string folder, string prefix, ulong ticks, bool mayDiffer)
    {
        string? newest = null;
        var time = DateTimeOffset.MinValue;
        var exact = $"{prefix}{ticks}{Suffix}";
        try
        {
            var found = new FileSystemEnumerable<(string Name, DateTimeOffset Time)>(
                folder,
                static (ref entry) => (entry.FileName.ToString(), entry.LastWriteTimeUtc),
                new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true })
            {
                ShouldIncludePredicate = (ref entry) => entry.FileName.StartsWith(prefix, StringComparison.Ordinal) && entry.FileName.EndsWith(Suffix, StringComparison.Ordinal),
            };
            foreach (var (name, written) in found)
            {
                if (name == exact)
                {
                    return $"{folder}/{name}";
                }

                (newest, time) = written > time ? (name, written) : (newest, time);
            }
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AttachException(InstrumentationReasons.Unreadable, "its temporary folder may not be read; the agent needs to run as its user or as root");
        }

        return newest is null || !mayDiffer ? null : $"{folder}/{newest}";
    }
}
