using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Processes;

/// <summary>Programs that a real linker made.</summary>
public sealed class LoaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-agent-loader-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("", "glibc", false)]
    [InlineData("-no-pie", "glibc", false)]
    [InlineData("-static", "", true)]
    [InlineData("-static-pie", "", true)]
    [InlineData("-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1", "musl", false)]
    public async Task A_program_says_how_it_is_started(string option, string libc, bool isStatic)
    {
        Assert.SkipWhen(ChildProcess.Find("gcc") is null, "gcc is not installed");
        File.WriteAllText(Path.Combine(_folder.FullName, "a.c"), "int main(void) { return 0; }");
        var (code, _, error) = await Commands.RunAsync("gcc", ["-o", Path.Combine(_folder.FullName, "a"), Path.Combine(_folder.FullName, "a.c"), .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.SkipWhen(code != 0 && option.StartsWith("-static", StringComparison.Ordinal), "the static C library is not installed");
        Assert.True(code == 0, error);

        Assert.Equal(new ElfLoader(libc, isStatic), Read(Path.Combine(_folder.FullName, "a")));
    }

    [Fact]
    public void Truncated_at_every_byte_it_claims_nothing_that_is_not_there()
    {
        var whole = File.ReadAllBytes("/bin/sh");
        var file = Path.Combine(_folder.FullName, "cut");
        for (var length = 0; length < 1500; length += 7)
        {
            File.WriteAllBytes(file, whole[..length]);
            var loader = Read(file);

            Assert.True(loader == ElfLoader.Unknown || loader.Libc.Length > 0 || length > 64 + 56, $"{length} bytes: {loader}");
        }
    }

    [Theory]
    [InlineData("23=1", 8, true)]
    [InlineData("23=0", 8, false)]
    [InlineData("6=4096 23=1", 4, true)]
    [InlineData("6=4096", 8, false)]
    public void The_auxiliary_vector_tells_of_raised_rights(string pairs, int word, bool isSecure)
    {
        var bytes = pairs.Split(' ', '=').Append("0").Append("0").Select(ulong.Parse).SelectMany(value => BitConverter.GetBytes(value)[..word]).ToArray();

        Assert.Equal(isSecure, AuxiliaryVector.IsSecure(bytes));
    }

    private static ElfLoader Read(string path)
    {
        var descriptor = Libc.Open(System.Text.Encoding.UTF8.GetBytes(path + "\0"));
        var loader = ElfLoader.Read(descriptor, new byte[68 * 1024]);
        _ = Libc.Close(descriptor);
        return loader;
    }
}
