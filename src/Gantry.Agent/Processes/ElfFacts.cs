using System.Buffers;
using System.Text;

namespace Gantry.Agent.Processes;

internal enum NativeKind
{
    Unknown,
    Go,
    Rust,
    JavaNativeImage,
    DotNetSingleFile,
    DotNetNativeAot,
}

/// <summary>What an executable file says about the language it was written in, whoever runs it.</summary>
/// <param name="Rule">In words; "" when it says nothing.</param>
internal sealed record ElfFacts(NativeKind Kind, string Rule, string Version)
{
    public static readonly ElfFacts None = new(NativeKind.Unknown, "", "");

    /// <summary>How the kernel starts it.</summary>
    public ElfLoader Loader { get; init; } = ElfLoader.Unknown;

    private static readonly SearchValues<byte> VersionBytes = SearchValues.Create("0123456789."u8);

    private const int MostNames = 2 * 1024 * 1024;
    private const int MostData = 8 * 1024 * 1024;

    public static ElfFacts Read(scoped ElfFile file)
    {
        if (file.GoTable.Exists || file.GoBuildInfo.Exists)
        {
            var rule = file.GoTable.Exists ? "the executable has a .gopclntab section" : "the executable has a .go.buildinfo section";
            return new ElfFacts(NativeKind.Go, rule, GoVersion(file.Read(file.GoBuildInfo, 4096)));
        }

        // Both are exported for debuggers, so stripping leaves them in place.
        if (Exports(file, "\0DotNetRuntimeInfo\0"u8))
        {
            return new ElfFacts(NativeKind.DotNetSingleFile, "the executable contains the .NET runtime (single file)", "");
        }

        if (Exports(file, "\0DotNetRuntimeDebugHeader\0"u8))
        {
            return new ElfFacts(NativeKind.DotNetNativeAot, "the executable was compiled by .NET NativeAOT", "");
        }

        if (Exports(file, "\0graal_create_isolate\0"u8))
        {
            return new ElfFacts(NativeKind.JavaNativeImage, "the executable is a GraalVM native image", "");
        }

        return ReadRust(file);
    }

    /// <summary>A version that stands behind a text that only this program holds: "…/release/v" in node, "X-Powered-By: PHP/" in php.</summary>
    public static string FindVersion(scoped ElfFile file, ReadOnlySpan<byte> prefix) =>
        file.TryFind(file.ReadOnlyData, prefix, MostData, out var found) ? Digits(found[prefix.Length..]) : "";

    /// <summary>Digits and dots at the start, without a dot at the end.</summary>
    public static string Digits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(VersionBytes);
        var digits = (end < 0 ? text : text[..end]).TrimEnd((byte)'.');
        return digits.Length is > 0 and <= 32 ? Encoding.ASCII.GetString(digits) : "";
    }

    /// <summary>
    /// .go.buildinfo since Go 1.18: "\xff Go buildinf:" in 14 bytes, the pointer size, flags of which 2 says that the strings are inline;
    /// at 32 the version, a varint length before it (go/src/debug/buildinfo). Older ones hold pointers, which are not followed.
    /// </summary>
    internal static string GoVersion(ReadOnlySpan<byte> section)
    {
        var at = section.IndexOf(" Go buildinf:"u8);
        if (at != 1 || section.Length < 34 || (section[15] & 2) == 0)
        {
            return "";
        }

        // No version of Go needs a second byte of length; experiments follow behind a blank.
        var length = section[32];
        if (length >= 0x80 || 33 + length > section.Length || !section[33..].StartsWith("go"u8))
        {
            return "";
        }

        return Digits(section.Slice(35, Math.Max(length - 2, 0)));
    }

    private static bool Exports(scoped ElfFile file, ReadOnlySpan<byte> name) => file.TryFind(file.DynamicNames, name, MostNames, out _);

    private static ElfFacts ReadRust(scoped ElfFile file)
    {
        var comment = file.Read(file.Comment, 4096);
        var at = comment.IndexOf("rustc version "u8);
        if (at >= 0)
        {
            return new ElfFacts(NativeKind.Rust, "the executable names its compiler, rustc", Digits(comment[(at + 14)..]));
        }

        // Panic messages of the standard library: /rustc/{commit}/library/core/src/…; they outlive stripping.
        return file.TryFind(file.ReadOnlyData, "/rustc/"u8, MostData, out var found) && found.IndexOf("/library/"u8) >= 0
            ? new ElfFacts(NativeKind.Rust, "the executable holds source paths of the Rust standard library", "")
            : None;
    }
}
