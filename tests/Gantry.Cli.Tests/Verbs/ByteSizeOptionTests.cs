using Gantry.Cli.Verbs;

namespace Gantry.Cli.Tests.Verbs;

public class ByteSizeOptionTests
{
    [Theory]
    [InlineData("1048576", 1048576)]
    [InlineData("512KiB", 524288)]
    [InlineData("64mib", 67108864)]
    [InlineData("2GiB", 2147483648)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData("1.5MiB", null)]
    [InlineData("64MB", null)]
    [InlineData("9999999999999GiB", null)]
    public void Sizes_are_read(string text, long? bytes) => Assert.Equal(bytes, ByteSizeOption.Parse(text));

    [Theory]
    [InlineData(1000, "1000")]
    [InlineData(1024, "1KiB")]
    [InlineData(67108864, "64MiB")]
    public void Sizes_are_shown_as_they_would_be_written(long bytes, string text) => Assert.Equal(text, ByteSizeOption.Show(bytes));
}
