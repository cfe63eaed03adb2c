using System.Text;

namespace Gantry.Agent.Processes;

/// <summary>
/// The one file name of a command line that may leave the host: the script, assembly, jar or module that an interpreter runs. Arguments hold
/// secrets and inline code, so the rule is narrow: the first argument that is no option, only if it is an existing file of the process or ends as
/// the language's files do; and never what follows an option that is not known.
/// </summary>
internal ref struct ScriptName(ReadOnlySpan<byte> commandLine, ScriptName.FileTest isFile)
{
    private const int LongestName = 128;

    /// <summary>Does the process have such a file? The path is as it stands in the command line.</summary>
    internal delegate bool FileTest(ReadOnlySpan<byte> path);

    private ReadOnlySpan<byte> _rest = commandLine;

    /// <param name="language">As in the facts; others than interpreters have no script.</param>
    /// <param name="commandLine">/proc/PID/cmdline: arguments, each with a zero byte behind it.</param>
    /// <param name="isFile">See <see cref="FileTest"/>.</param>
    public static string Find(string language, ReadOnlySpan<byte> commandLine, FileTest isFile)
    {
        var arguments = new ScriptName(commandLine, isFile);
        arguments.TryNext(out var program);
        var name = program[(program.LastIndexOf((byte)'/') + 1)..];
        return language switch
        {
            "nodejs" => arguments.Plain(NodeOptions, [".js", ".mjs", ".cjs", ".ts", ".mts"], ["-e", "-p", "--eval", "--print", "-pe"]),
            "python" => arguments.Python(),
            "ruby" => arguments.Plain(["-I", "-r", "-C", "-E", "-F"], [".rb", ".ru"], ["-e"]),
            "php" when !name.StartsWith("php-fpm"u8) => arguments.Plain(["-c", "-d", "-z", "-t", "-S"], [".php", ".phar"], ["-r", "-B", "-R"]),
            "java" => arguments.Java(),
            // An app of its own executable has no script; its arguments are its own.
            "dotnet" when name.SequenceEqual("dotnet"u8) => arguments.DotNet(),
            _ => "",
        };
    }

    /// <summary>The file name of <c>argv[0]</c>, for programs whose executable may not be read.</summary>
    public static string Program(ReadOnlySpan<byte> commandLine)
    {
        var arguments = new ScriptName(commandLine, static _ => false);
        arguments.TryNext(out var program);
        return Clean(program[(program.LastIndexOf((byte)'/') + 1)..]);
    }

    /// <summary>Options of node that take the next argument.</summary>
    private static readonly string[] NodeOptions =
    [
        "-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions", "--env-file", "--env-file-if-exists",
        "--title", "--icu-data-dir", "--openssl-config", "--redirect-warnings", "--diagnostic-dir", "--input-type", "--stack-trace-limit",
        "--max-http-header-size", "--unhandled-rejections", "--dns-result-order", "--watch-path", "--inspect-port", "--disable-warning",
    ];

    private static readonly string[] JavaOptions =
    [
        "-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "--add-opens", "--add-exports", "--add-reads",
        "--upgrade-module-path", "--limit-modules", "--patch-module", "--enable-native-access",
    ];

    private static readonly string[] DotNetOptions =
    [
        "--depsfile", "--runtimeconfig", "--additionalprobingpath", "--fx-version", "--roll-forward", "--additional-deps",
    ];

    private bool TryNext(out ReadOnlySpan<byte> argument)
    {
        var end = _rest.IndexOf((byte)0);
        argument = end < 0 ? _rest : _rest[..end];
        var any = !_rest.IsEmpty;
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return any;
    }

    /// <param name="withValue">Options whose value is the next argument.</param>
    /// <param name="endings">File names that are the language's own, also where the file cannot be looked for.</param>
    /// <param name="inline">Options after which there is code instead of a script.</param>
    private string Plain(string[] withValue, string[] endings, string[] inline)
    {
        while (TryNext(out var argument))
        {
            if (argument.SequenceEqual("--"u8))
            {
                return TryNext(out argument) ? Accept(argument, endings) : "";
            }

            if (!argument.StartsWith("-"u8))
            {
                return Accept(argument, endings);
            }

            if (IsOneOf(argument, inline))
            {
                return "";
            }

            if (IsOneOf(argument, withValue))
            {
                TryNext(out _);
            }
        }

        return "";
    }

    /// <summary>python [options] script, or -m module; letters may be joined ("-um module", "-mmodule"), -c is code.</summary>
    private string Python()
    {
        while (TryNext(out var argument))
        {
            if (!argument.StartsWith("-"u8) || argument.Length == 1)
            {
                return Accept(argument, [".py", ".pyc", ".pyz", ".pyw"]);
            }

            if (argument.StartsWith("--"u8))
            {
                if (argument.SequenceEqual("--check-hash-based-pycs"u8))
                {
                    TryNext(out _);
                }

                continue;
            }

            // Of joined letters, the first that takes a value has the rest of the argument, or the next one.
            var at = argument.IndexOfAny("cmWXQ"u8);
            if (at < 0)
            {
                continue;
            }

            var value = argument[(at + 1)..];
            if (value.IsEmpty)
            {
                TryNext(out value);
            }

            if (argument[at] is (byte)'c' or (byte)'m')
            {
                return argument[at] == 'm' ? Module(value) : "";
            }
        }

        return "";
    }

    /// <summary>java [options] -jar x.jar; behind a main class, arguments are the program's.</summary>
    private string Java()
    {
        while (TryNext(out var argument) && argument.StartsWith("-"u8))
        {
            if (argument.SequenceEqual("-jar"u8))
            {
                return TryNext(out argument) ? Accept(argument, [".jar", ".war"]) : "";
            }

            if (IsOneOf(argument, JavaOptions))
            {
                TryNext(out _);
            }
        }

        return "";
    }

    /// <summary>dotnet [exec] [options] App.dll; anything else is a verb of the SDK.</summary>
    private string DotNet()
    {
        while (TryNext(out var argument))
        {
            if (IsOneOf(argument, DotNetOptions))
            {
                TryNext(out _);
            }
            else if (!argument.StartsWith("-"u8) && !argument.SequenceEqual("exec"u8))
            {
                return EndsAs(argument, [".dll", ".exe"]) ? Accept(argument, [".dll", ".exe"]) : "";
            }
        }

        return "";
    }

    private readonly string Accept(ReadOnlySpan<byte> path, string[] endings) =>
        EndsAs(path, endings) || isFile(path) ? Clean(path[(path.LastIndexOf((byte)'/') + 1)..]) : "";

    private static bool EndsAs(ReadOnlySpan<byte> path, string[] endings)
    {
        foreach (var ending in endings)
        {
            if (path.Length > ending.Length && path[^ending.Length..].SequenceEqual(Encoding.ASCII.GetBytes(ending)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOneOf(ReadOnlySpan<byte> argument, string[] options)
    {
        foreach (var option in options)
        {
            if (argument.Length == option.Length && argument.SequenceEqual(Encoding.ASCII.GetBytes(option)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A dotted name; anything else would be no module.</summary>
    private static string Module(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= LongestName && !Encoding.UTF8.GetString(name).Any(c => !char.IsLetterOrDigit(c) && c is not ('_' or '.'))
            ? Encoding.UTF8.GetString(name)
            : "";

    private static string Clean(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(name);
        return text.Any(char.IsControl) ? "" : text;
    }
}
