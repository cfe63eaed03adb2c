using System.Security.Cryptography;

namespace Gantry.Protocol.Tests.Fuzz;

/// <summary>Inputs that once broke something, or might: a folder per target, a file per input, replayed by every test run.</summary>
internal static class Corpus
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Gantry.Protocol.Tests", "Corpus");

    public static IEnumerable<(string Target, string File)> Files() =>
        from folder in Directory.EnumerateDirectories(Folder).Order(StringComparer.Ordinal)
        from file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
        select (Path.GetFileName(folder), Path.GetFileName(file));

    /// <returns>Path of the new file, for the failure's message. Give it a name that says what it is before committing it.</returns>
    public static string Keep(string target, byte[] input)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, target));
        var path = Path.Combine(folder.FullName, $"found-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}.bin");
        File.WriteAllBytes(path, input);
        return path;
    }
}
