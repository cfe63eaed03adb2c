using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Processes.Agents;

namespace Gantry.Agent.Processes;

/// <summary>
/// What /proc/PID/maps says about the runtime: lines "from-to perms offset device inode path". Paths are those the process sees;
/// each is "" when nothing like it is mapped.
/// </summary>
internal sealed class MappedLibraries
{
    private const int MostBytes = 8 * 1024 * 1024;

    public string CoreClr = "";
    public string Jvm = "";
    public string Python = "";
    public string Ruby = "";
    public string Php = "";
    public string Node = "";

    /// <summary>A path below a Python's own library folder; its version for a Python without libpython.</summary>
    public string PythonFolder = "";

    public bool HasCppRuntime;

    /// <summary>A loader or C library of musl is mapped, whatever the executable calls its loader.</summary>
    public bool HasMusl;

    /// <param name="agents">Told of every mapping, too, so that the file is read once.</param>
    public static MappedLibraries Read(ProcFiles proc, int pid, AgentFinder agents, out FileOutcome outcome)
    {
        var found = new MappedLibraries();
        using var lines = proc.Lines(pid, "maps"u8, MostBytes, out outcome);
        Span<byte> last = stackalloc byte[256];
        var lastLength = 0;
        while (lines.Next(out var line))
        {
            // "[anon:NAME]" or a path; the fields before it hold neither character.
            var start = line.IndexOfAny((byte)'/', (byte)'[');
            var path = start < 0 ? default : line[start..];
            // A file is mapped in several pieces, one after the other: the first is enough.
            if (path.IsEmpty || path.SequenceEqual(last[..lastLength]))
            {
                continue;
            }

            lastLength = path.Length <= last.Length ? path.Length : 0;
            path[..lastLength].CopyTo(last);
            agents.TakeMapping(path);
            if (path[0] == (byte)'/')
            {
                found.Take(path);
            }
        }

        return found;
    }

    private void Take(ReadOnlySpan<byte> path)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        if (PythonFolder.Length == 0 && path.IndexOf("/lib/python"u8) >= 0)
        {
            PythonFolder = Encoding.UTF8.GetString(path);
        }

        HasMusl |= name.StartsWith("ld-musl-"u8);
        if (!name.StartsWith("lib"u8))
        {
            return;
        }

        name = name[3..];
        if (name.StartsWith("coreclr.so"u8))
        {
            Keep(ref CoreClr, path);
            return;
        }

        if (name.StartsWith("jvm.so"u8))
        {
            Keep(ref Jvm, path);
            return;
        }

        HasCppRuntime |= name.StartsWith("stdc++.so"u8) || name.StartsWith("c++.so"u8);
        TakeInterpreter(name, path);
    }

    private void TakeInterpreter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        // libpython3.so only forwards to the one that has the version in its name.
        if (name.StartsWith("python"u8) && !name.StartsWith("python3.so"u8))
        {
            Keep(ref Python, path);
        }
        else if (name.StartsWith("ruby"u8))
        {
            Keep(ref Ruby, path);
        }
        else if (name.StartsWith("php"u8))
        {
            Keep(ref Php, path);
        }
        else if (name.StartsWith("node.so"u8))
        {
            Keep(ref Node, path);
        }
    }

    /// <summary>A library is mapped in several pieces: the first is enough.</summary>
    private static void Keep(ref string field, ReadOnlySpan<byte> path) =>
        field = field.Length > 0 ? field : Encoding.UTF8.GetString(path);
}
