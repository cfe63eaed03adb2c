using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// Which version of its runtime a process has: from the paths it mapped, from small files beside the runtime, or from one bounded look into the
/// executable. "" where none of them says.
/// </summary>
internal sealed class RuntimeVersions(ProcFiles proc, Executables executables)
{
    /// <summary>".../Microsoft.NETCore.App/10.0.12/libcoreclr.so", or what the app that brings its runtime along says beside it.</summary>
    public string DotNet(int pid, string coreClr, string executable)
    {
        const string Framework = "/Microsoft.NETCore.App/";
        var at = coreClr.IndexOf(Framework, StringComparison.Ordinal);
        if (at >= 0)
        {
            var rest = coreClr[(at + Framework.Length)..];
            var end = rest.IndexOf('/');
            return end < 0 ? "" : rest[..end];
        }

        return DotNetSelfContained(pid, executable);
    }

    /// <summary>
    /// JAVA_VERSION="17.0.9" of the file "release" in the Java home, which is two to four folders above libjvm.so (JDK 8: jre/lib/amd64/server).
    /// </summary>
    public string Java(int pid, string libJvm)
    {
        var folder = libJvm;
        for (var i = 0; i < 6; i++)
        {
            var slash = folder.LastIndexOf('/');
            if (slash <= 0)
            {
                break;
            }

            folder = folder[..slash];
            var text = ReadBeside(pid, folder + "/release", 16 * 1024);
            var at = text.IndexOf("JAVA_VERSION=\""u8);
            if (at >= 0)
            {
                text = text[(at + 14)..];
                var end = text.IndexOf((byte)'"');
                return end is > 0 and <= 32 ? Encoding.ASCII.GetString(text[..end]) : "";
            }
        }

        return "";
    }

    /// <summary>Node links to its own headers' download, version included, within the first MB of its constants.</summary>
    public string Node(int pid, string executable)
    {
        var version = executables.Version(pid, "nodejs.org/download/release/v");
        return version.Length > 0 ? version : NodeHeader(pid, executable);
    }

    /// <summary>"libpython3.11.so.1.0", "…/bin/python3.11", "…/lib/python3.11/lib-dynload/…": two parts are all that they say.</summary>
    public static string Python(string executable, MappedLibraries mapped)
    {
        var version = Behind(Name(mapped.Python), "libpython");
        version = version.Length > 0 ? version : Behind(Name(executable), "python");
        return version.Contains('.', StringComparison.Ordinal) ? version : Behind(mapped.PythonFolder, "/lib/python");
    }

    /// <summary>"libruby.so.3.1", "libruby-3.1.so.3.1.2".</summary>
    public static string Ruby(string library) => Behind(library, ".so.");

    public string Php(int pid) => executables.Version(pid, "X-Powered-By: PHP/");

    private string DotNetSelfContained(int pid, string executable)
    {
        var text = ReadBeside(pid, executable + ".runtimeconfig.json", 16 * 1024);
        var at = text.IndexOf("\"includedFrameworks\""u8);
        if (at < 0)
        {
            return "";
        }

        text = text[at..];
        at = text.IndexOf("\"version\""u8);
        var start = at < 0 ? -1 : text[(at + 9)..].IndexOfAnyInRange((byte)'0', (byte)'9');
        return start is < 0 or > 8 ? "" : ElfFacts.Digits(text[(at + 9 + start)..]);
    }

    /// <summary>A node without that text (a build of a distribution) may have its headers beside it.</summary>
    private string NodeHeader(int pid, string executable)
    {
        var bin = executable.LastIndexOf("/bin/", StringComparison.Ordinal);
        var text = ReadBeside(pid, string.Concat(executable.AsSpan(0, Math.Max(bin, 0)), "/include/node/node_version.h"), 16 * 1024);
        Span<ulong> parts = stackalloc ulong[3];
        var found = 0;
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var words = new TextCursor(line);
            if (!words.Word().SequenceEqual("#define"u8))
            {
                continue;
            }

            var name = words.Word();
            var part = name.SequenceEqual("NODE_MAJOR_VERSION"u8) ? 0
                : name.SequenceEqual("NODE_MINOR_VERSION"u8) ? 1
                : name.SequenceEqual("NODE_PATCH_VERSION"u8) ? 2 : -1;
            if (part >= 0)
            {
                parts[part] = words.Number();
                found++;
            }
        }

        return found == 3 ? $"{parts[0]}.{parts[1]}.{parts[2]}" : "";
    }

    /// <summary>A small file as the process sees it.</summary>
    private ReadOnlySpan<byte> ReadBeside(int pid, string path, int limit)
    {
        if (!path.StartsWith('/'))
        {
            return default;
        }

        var tail = Encoding.UTF8.GetBytes(path);
        var isFile = proc.TryStat(pid, "root"u8, tail, out var status) && status.IsFile;
        return isFile && proc.TryRead(pid, "root"u8, tail, out var text, limit) == FileOutcome.Ok ? text : default;
    }

    private static string Behind(string text, string prefix)
    {
        var at = text.IndexOf(prefix, StringComparison.Ordinal);
        return at < 0 ? "" : ElfFacts.Digits(Encoding.UTF8.GetBytes(text[(at + prefix.Length)..]));
    }

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
