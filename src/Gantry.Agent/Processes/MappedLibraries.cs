using System.Text;
using Gantry.Agent.Host;

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

    public static MappedLibraries Read(ProcFiles proc, int pid, out FileOutcome outcome)
    {
        var found = new MappedLibraries();
        using var lines = proc.Lines(pid, "maps"u8, MostBytes, out outcome);
        while (lines.Next(out var line))
        {
            var slash = line.IndexOf((byte)'/');
            if (slash >= 0 && found.Take(line[slash..]))
            {
                break;
            }
        }

        return found;
    }

    /// <returns>True when the rest cannot change the answer.</returns>
    private bool Take(ReadOnlySpan<byte> path)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        if (PythonFolder.Length == 0 && path.IndexOf("/lib/python"u8) >= 0)
        {
            PythonFolder = Encoding.UTF8.GetString(path);
        }

        if (!name.StartsWith("lib"u8))
        {
            return false;
        }

        name = name[3..];
        if (name.StartsWith("coreclr.so"u8))
        {
            CoreClr = Encoding.UTF8.GetString(path);
            return true;
        }

        if (name.StartsWith("jvm.so"u8))
        {
            Jvm = Encoding.UTF8.GetString(path);
            return true;
        }

        HasCppRuntime |= name.StartsWith("stdc++.so"u8) || name.StartsWith("c++.so"u8);
        TakeInterpreter(name, path);
        return false;
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
