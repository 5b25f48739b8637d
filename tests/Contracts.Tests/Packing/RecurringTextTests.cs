using System.Globalization;
using System.Text;

namespace OrleansSessions.Contracts.Tests.Packing;

public sealed class RecurringTextTests
{
    [Fact]
    public void Get_TheSameNameAgain_IsTheSameString() => Assert.Same(RecurringText.Get("recurring"u8), RecurringText.Get("recurring"u8));

    [Fact]
    public void Get_MoreNamesThanPlaces_IsAlwaysTheRightOne()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 10_000; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"name{i}");
                Assert.Equal(name, RecurringText.Get(Encoding.UTF8.GetBytes(name)));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("naïve")]
    [InlineData("a name that is so long that to keep it would cost more than to make it again and again")]
    public void Get_AnyText_IsItsText(string text)
    {
        Assert.Equal(text, RecurringText.Get(text));
        Assert.Equal(text, RecurringText.Get(Encoding.UTF8.GetBytes(text)));
    }
}
